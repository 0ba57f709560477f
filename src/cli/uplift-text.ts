import type { UpliftEvaluation } from '../flows/evaluate-uplift.js';
import type { Figure } from '../evaluation/figure.js';
import { type Column, textTable, wrap } from '../reports/text-table.js';

const width = 110;

/** An evaluation of uplift as text: protocol, learners, single columns, tenths, and what it comes to. */
export function upliftAsText(evaluation: UpliftEvaluation, top: number): string {
  const { protocol, recipients, everybody, learners, columns, tenths, verdict } = evaluation;
  const sizes = ({ treated, control }: { treated: number; control: number }): string =>
    `${count(treated)} treated, ${count(control)} control`;
  return [
    'PROTOCOL',
    ...protocol.flatMap((line) => wrap(line, width, '  ')),
    `  Learned from: ${sizes(recipients.learned)}. Measured on: ${sizes(recipients.measured)}.`,
    `  Treating everybody: ${withInterval(everybody)} outcomes a recipient.`,
    '',
    'LEARNERS',
    ...figuresTable('learner', learners, top),
    ...learners.flatMap(({ name, figures }) =>
      'refused' in figures ? wrap(`${name}: refused (${figures.code}): ${figures.reason}`, width, '  ') : [],
    ),
    '',
    'SINGLE COLUMNS',
    ...figuresTable('ranking by', columns, top),
    '',
    ...tenthsOf(tenths),
    'VERDICT',
    ...verdict.flatMap((line) => wrap(line, width, '  ')),
    '',
  ].join('\n');
}

const heads = (title: string, top: number): Column[] =>
  [title, 'Qini', '95 %', 'uplift AUC', '95 %', 'Qini area', `uplift@${top * 100}%`, '95 %', 'by group'].map(
    (one, i) => ({ title: one, align: i === 0 ? 'left' : 'right' }),
  );

function figuresTable(
  title: string,
  rows: UpliftEvaluation['learners'] | UpliftEvaluation['columns'],
  top: number,
): string[] {
  const cells = rows.map(({ name, figures }) => {
    if ('refused' in figures) return [name, 'refused'];
    const { qini, upliftAuc, qiniArea, upliftAt } = figures;
    return [
      name,
      ...[qini, upliftAuc].flatMap(both),
      shown(qiniArea, 5),
      ...both(upliftAt.overall),
      shown(upliftAt.by_group),
    ];
  });
  return textTable(heads(title, top), cells).map((line) => `  ${line}`);
}

function tenthsOf(tenths: UpliftEvaluation['tenths']): string[] {
  if (!tenths) return [];
  const titles = ['tenth', 'scores', 'treated', 'outcomes', 'control', 'outcomes', 'uplift', '95 %'];
  const rows = tenths.rows.map(({ scores, treated, control, uplift }, i) => [
    String(i + 1),
    `${scores[1].toFixed(3)} to ${scores[0].toFixed(3)}`,
    count(treated.recipients),
    count(treated.sum),
    count(control.recipients),
    count(control.sum),
    ...both(uplift),
  ]);
  const columns = titles.map((title, i): Column => ({ title, align: i === 0 ? 'left' : 'right' }));
  return [
    `BY TENTH OF ${tenths.learner.toUpperCase()}`,
    ...textTable(columns, rows).map((line) => `  ${line}`),
    '',
  ];
}

const count = (value: number): string => value.toLocaleString('en-US');

function shown(figure: Figure, digits = 4): string {
  return 'refused' in figure ? 'refused' : figure.value.toFixed(digits);
}

function both(figure: Figure): string[] {
  if ('refused' in figure || !figure.interval) return [shown(figure), ''];
  return [shown(figure), figure.interval.map((end) => end.toFixed(4)).join(' to ')];
}

function withInterval(figure: Figure): string {
  const [value = '', interval = ''] = both(figure);
  return interval === '' ? value : `${value} (95 % ${interval})`;
}

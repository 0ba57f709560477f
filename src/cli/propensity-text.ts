import type { PropensityEvaluation } from '../flows/evaluate-propensity.js';
import { type Column, textTable, wrap } from '../reports/text-table.js';
import type { CandidateScore, Measure } from '../strategies/model-report.js';

const width = 100;
const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });

/** An evaluation for people to read: the protocol first, then what came out. */
export function propensityAsText(evaluation: PropensityEvaluation): string {
  const sections = [
    protocol(evaluation),
    candidates(evaluation),
    search(evaluation),
    elimination(evaluation),
    measures(evaluation),
    baselines(evaluation),
    calibration(evaluation),
    features(evaluation),
    surrogate(evaluation),
    notes(evaluation),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function protocol({
  file,
  outcome,
  estimator,
  learned,
  heldOut,
  report,
  seed,
}: PropensityEvaluation): string[] {
  const side = ({ rows, positives }: typeof learned): string =>
    `${count(rows)} rows, ${count(positives)} with the outcome (${percent(positives / rows)})`;
  const gaps = report.labels?.gaps ?? [];
  return [
    ...wrap(`Propensity: ${outcome} in ${file}`, width),
    '',
    ...wrap(`Split (${report.split.kind}): ${report.split.note}`, width, '  '),
    `  Learned from: ${side(learned)}`,
    `  Measured on:  ${side(heldOut)}`,
    ...gaps.map(({ reason, rows }) => `  Left out:     ${count(rows)} rows with ${reason}`),
    ...wrap(`Estimator: ${estimator.name} ${JSON.stringify(estimator.settings)}`, width, '  '),
    ...wrap(`Seed: ${seed}. Intervals are 95 %, by bootstrap over recipients.`, width, '  '),
  ];
}

function measures({ report }: PropensityEvaluation): string[] {
  const rows = report.measures.map((measure) => [
    measure.name,
    ...('refused' in measure ? ['refused', ''] : [figure(measure.value), interval(measure.interval)]),
  ]);
  const why = report.measures.flatMap((measure) =>
    wrap(`${measure.name}: ${'refused' in measure ? measure.reason : measure.definition}`, width, '  '),
  );
  return [...textTable([left('On rows held out'), right(''), left('95 % interval')], rows), '', ...why];
}

function baselines({ report, againstSingle }: PropensityEvaluation): string[] {
  const lists = report.baselines ?? [];
  const names = ['AUC', 'log loss', 'Brier'];
  const valueOf = (list: readonly Measure[], name: string): string => {
    const found = list.find((measure) => measure.name === name);
    return !found || 'refused' in found ? 'refused' : figure(found.value);
  };
  const rows = [{ name: 'this model', measures: report.measures }, ...lists].map(
    ({ name, measures: list }) => [name, ...names.map((measure) => valueOf(list, measure))],
  );
  return [
    ...textTable([left('Beside simpler ways'), ...names.map(right)], rows),
    ...(againstSingle ? ['', ...wrap(sentenceOf(againstSingle), width)] : []),
  ];
}

function sentenceOf({
  column,
  difference,
  interval: limits,
}: NonNullable<PropensityEvaluation['againstSingle']>) {
  const by = `${difference >= 0 ? '+' : ''}${difference.toFixed(4)}${limits ? ` (${limits.map((end) => end.toFixed(4)).join(' to ')})` : ''}`;
  if (!limits) return `In AUC the model differs by ${by} from ${column} alone.`;
  if (limits[0] > 0) return `The model ranks better than ${column} alone: AUC ${by}.`;
  if (limits[1] < 0) return `The model ranks worse than ${column} alone: AUC ${by}. Use that column.`;
  return `The model is not shown to rank better than ${column} alone: AUC ${by}. One column does as well, as far as these rows can tell.`;
}

function calibration({ report }: PropensityEvaluation): string[] {
  const rows = (report.calibration ?? []).map((point) => [
    percent(point.predicted),
    percent(point.observed),
    point.interval.map(percent).join(' to '),
    count(point.rows),
  ]);
  if (rows.length === 0) return [];
  return textTable([right('Predicted'), right('observed'), left('95 % (Wilson)'), right('rows')], rows);
}

function features({ report }: PropensityEvaluation): string[] {
  const list = [...(report.features ?? [])];
  list.sort((a, b) => (b.importance?.value ?? 0) - (a.importance?.value ?? 0));
  const withGain = list.some(({ gain }) => gain !== undefined);
  const rows = list.map((feature) => [
    feature.name,
    feature.type,
    percent(feature.missing),
    ...(withGain ? [percent(feature.gain ?? 0)] : []),
    feature.importance ? feature.importance.value.toFixed(4) : '',
    interval(feature.importance?.interval, 4),
  ]);
  const columns = [left('Feature'), left('type'), right('missing'), ...(withGain ? [right('gain')] : [])];
  return textTable([...columns, right('AUC lost'), left('95 % interval')], rows);
}

function surrogate({ report }: PropensityEvaluation): string[] {
  if (!report.surrogate) return [];
  const { lines, fidelity } = report.surrogate;
  return [
    `What it looks at first: a tree that imitates ${percent(Math.max(0, fidelity))} of its predictions (R² ${fidelity.toFixed(3)})`,
    ...lines.flatMap((line) =>
      wrap(line.trimStart(), width, `  ${' '.repeat(line.length - line.trimStart().length)}`),
    ),
  ];
}

function candidates({ report }: PropensityEvaluation): string[] {
  const found = report.candidates;
  if (!found) return [];
  const title = `Candidates, by ${found.measure} in ${found.folds} folds of the rows learned from (folds ${found.foldsHash.slice(0, 15)}…)`;
  return [title, ...scoreTable(found.rows)];
}

function search({ search: rows, estimator }: PropensityEvaluation): string[] {
  if (!rows) return [];
  return [
    'Settings tried, by AUC in folds of the rows learned from; used are the best:',
    ...wrap(JSON.stringify(estimator.settings), width, '  '),
    ...scoreTable(rows),
  ];
}

function scoreTable(rows: readonly CandidateScore[]): string[] {
  return textTable(
    [left('estimator'), right('mean'), right('sd of folds'), left('settings')],
    rows.map(({ name, score, spread, settings }) => [
      name,
      figure(score),
      figure(spread),
      shortJson(settings),
    ]),
  );
}

export function shortJson(settings: unknown): string {
  const text = JSON.stringify(settings);
  return text.length > 70 ? `${text.slice(0, 69)}…` : text;
}

function elimination({ report }: PropensityEvaluation): string[] {
  if (!report.elimination) return [];
  const rows = report.elimination.map(({ dropped, left: many, score }) => [
    dropped ?? '(none)',
    String(many),
    figure(score),
  ]);
  return textTable([left('Dropped'), right('features left'), right('AUC in folds')], rows);
}

function notes({ report }: PropensityEvaluation): string[] {
  return report.notes.flatMap((note) => wrap(`Note: ${note}`, width));
}

const count = (value: number): string => value.toLocaleString('en-US');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const figure = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(5) : value.toPrecision(6));

function interval(limits: readonly [number, number] | undefined, digits = 5): string {
  return limits ? limits.map((end) => end.toFixed(digits)).join(' to ') : '';
}

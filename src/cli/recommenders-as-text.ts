import type { MethodResult, RecommenderEvaluation } from '../flows/evaluate-recommenders.js';
import { textTable, wrap } from '../reports/text-table.js';
import { historyLines } from './short-histories-as-text.js';
import { count, indented, intervalOf, left, right, saysOf, signedOf, valueOf } from './estimates-as-text.js';

const width = 110;

/** An evaluation as it is read on a terminal. */
export function recommendersAsText(evaluation: RecommenderEvaluation): string {
  const { files, k, matrix } = evaluation;
  const title = `${files[0]?.name ?? 'file'}: lists of ${k}, measured on what was held out`;
  const lines = [
    title,
    '='.repeat(title.length),
    '',
    ...readLines(evaluation),
    '',
    'MATRIX',
    `  learned from  ${count(matrix.interactions)} interactions of ${count(matrix.recipients)} recipients with ${count(matrix.items)} items, density ${(100 * matrix.density).toPrecision(3)} %`,
    `  held out      ${count(matrix.heldOut)} interactions, ${count(matrix.heldOutUnseen)} of them with items that nothing is learned of`,
    `  measured      ${count(matrix.measuredRecipients)} recipients`,
    '',
    'PROTOCOL',
    ...protocolLines(evaluation.protocol),
    '',
    ...warningLines(evaluation.warnings),
    ...methodLines(evaluation),
    ...differenceLines(evaluation),
    ...cohortLines(evaluation),
    ...historyLines(evaluation),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

export function readLines({ files }: Pick<RecommenderEvaluation, 'files'>): string[] {
  return files.flatMap(({ name, rows, badRows }) => [
    `${name}: ${count(rows)} rows used, ${count(badRows.count)} left out${badRows.count > 0 ? ':' : '.'}`,
    ...badRows.examples.map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...(badRows.count > badRows.examples.length
      ? [`  and ${count(badRows.count - badRows.examples.length)} more`]
      : []),
  ]);
}

export function protocolLines(protocol: RecommenderEvaluation['protocol']): string[] {
  const most = Math.max(...protocol.map(({ what }) => what.length));
  return protocol.flatMap(({ what, how }) => {
    const [first = '', ...rest] = wrap(how, width - most - 4);
    return [`  ${what.padEnd(most)}  ${first}`, ...rest.map((line) => `${' '.repeat(most + 4)}${line}`)];
  });
}

export function warningLines(warnings: readonly string[]): string[] {
  return warnings.length === 0 ? [] : [...warnings.flatMap((one) => wrap(`! ${one}`, width)), ''];
}

const measures = [
  ['precision', 'P'],
  ['recall', 'R'],
  ['ndcg', 'nDCG'],
  ['averagePrecision', 'MAP'],
  ['f1', 'F1'],
  ['hit', 'hit rate'],
  ['coverage', 'coverage'],
] as const;

/** Two lines a method: values, and intervals below them. */
function methodLines({ methods, k }: RecommenderEvaluation): string[] {
  const rows = methods.flatMap((method) => {
    if ('refused' in method) return [[`${method.method} *`]];
    const estimates = measures.map(([name]) => method.measures[name]);
    return [
      [method.method, ...estimates.map(valueOf)],
      ['', ...estimates.map((estimate) => intervalOf(estimate, 3))],
    ];
  });
  const titles = measures.map(([, title]) => ({ title: `${title}@${k}`, ...right }));
  const refused = methods.flatMap((one) => ('refused' in one ? [one] : []));
  return [
    'METHODS (95 % intervals below)',
    ...indented(textTable([{ title: 'method', ...left, most: 40 }, ...titles], rows)),
    ...refused.flatMap(({ method, reason }) => wrap(`* ${method} refused: ${reason}`, width, '  ')),
    '',
  ];
}

function differenceLines({ methods, against, k }: RecommenderEvaluation): string[] {
  const rows = measuredOf(methods).flatMap(({ method, difference }) =>
    difference ? [[method, signedOf(difference), intervalOf(difference, 4), saysOf(difference)]] : [],
  );
  if (rows.length === 0) return [];
  const columns = [
    { title: 'method', ...left, most: 40 },
    { title: 'difference', ...right },
    { title: '95% interval', ...right },
    { title: '', ...left },
  ];
  return [
    `nDCG@${k} AGAINST ${against} (same recipients, paired)`,
    ...indented(textTable(columns, rows)),
    '',
  ];
}

function cohortLines({ methods, against, k }: RecommenderEvaluation): string[] {
  const usable = measuredOf(methods);
  const filled = (usable[0]?.cohorts ?? []).flatMap(({ recipients }, i) => (recipients > 0 ? [i] : []));
  if (filled.length === 0) return [];
  const columns = [
    { title: 'known', ...left },
    { title: 'recipients', ...right },
    { title: 'method', ...left, most: 40 },
    { title: `nDCG@${k}`, ...right },
    { title: '95% interval', ...right },
    { title: `against ${against}`, ...right },
    { title: '95% interval', ...right },
    { title: '', ...left },
  ];
  return [
    'COHORTS BY WHAT IS KNOWN (interactions learned from; intervals are not corrected for their number)',
    ...indented(
      textTable(
        columns,
        filled.flatMap((i) => cohortRows(usable, i)),
      ),
    ),
  ];
}

function cohortRows(usable: readonly MethodResult[], nth: number): string[][] {
  return usable.map(({ method, cohorts }, m) => {
    const cohort = cohorts[nth];
    if (!cohort) return [];
    const range = cohort.to === undefined ? `${cohort.from}+` : `${cohort.from}-${cohort.to}`;
    const { difference } = cohort;
    return [
      ...(m === 0 ? [range, count(cohort.recipients)] : ['', '']),
      ...[method, valueOf(cohort.ndcg), intervalOf(cohort.ndcg, 3)],
      ...(difference ? [signedOf(difference), intervalOf(difference, 4), saysOf(difference)] : ['', '', '']),
    ];
  });
}

const measuredOf = (methods: RecommenderEvaluation['methods']): MethodResult[] =>
  methods.flatMap((one) => ('refused' in one ? [] : [one]));

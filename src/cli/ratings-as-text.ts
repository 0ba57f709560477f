import type { RatingEvaluation } from '../flows/evaluate-ratings.js';
import { textTable } from '../reports/text-table.js';
import { count, intervalOf, valueOf } from './estimates-as-text.js';
import { protocolLines, readLines, warningLines } from './recommenders-as-text.js';

/** An evaluation of predicted ratings as it is read on a terminal. */
export function ratingsAsText(evaluation: RatingEvaluation): string {
  const { files, matrix, methods } = evaluation;
  const title = `${files[0]?.name ?? 'file'}: predicted ratings, measured on what was held out`;
  const columns = [
    { title: 'method', align: 'left' },
    { title: 'RMSE', align: 'right' },
    { title: '95% interval', align: 'right' },
    { title: 'MAE', align: 'right' },
    { title: '95% interval', align: 'right' },
    { title: 'predicts', align: 'left' },
  ] as const;
  const rows = methods.map(({ method, summary, rmse, mae }) => [
    method,
    valueOf(rmse),
    intervalOf(rmse, 3),
    valueOf(mae),
    intervalOf(mae, 3),
    summary,
  ]);
  const lines = [
    title,
    '='.repeat(title.length),
    '',
    ...readLines(evaluation),
    '',
    'MATRIX',
    `  learned from  ${count(matrix.interactions)} ratings of ${count(matrix.recipients)} recipients for ${count(matrix.items)} items, density ${(100 * matrix.density).toPrecision(3)} %`,
    `  held out      ${count(matrix.heldOut)} ratings, ${count(matrix.heldOutUnseen)} of them for items that nothing is learned of`,
    '',
    'PROTOCOL',
    ...protocolLines(evaluation.protocol),
    '',
    ...warningLines(evaluation.warnings),
    'METHODS',
    ...textTable(columns, rows).map((line) => `  ${line}`),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

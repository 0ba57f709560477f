import type { FitOptions, FitRefusal } from './estimator.js';
import { type Column, type ColumnSpec, specsOf, type Table } from './table.js';

/** Why there can be no model: an answer, not an error. */
export interface RefusedFit {
  readonly refused: true;
  readonly code: FitRefusal;
  readonly reason: string;
}

/** More cells than this do not fit in memory beside what learns from them. */
const maxCells = 1_000_000_000;

/**
 * What every estimator refuses to learn from: no rows, labels all alike, no column that varies, too many cells.
 *
 * @throws Error for what only a program can get wrong: lists of another length, labels beside 0 and 1, weights not above 0.
 */
export function refuseToFit(
  table: Table,
  labels: Uint8Array,
  options: FitOptions = {},
): RefusedFit | undefined {
  checkLengths(table, labels, options.weights);
  if (table.rows === 0) return refused('no_rows', 'There are no rows to learn from: nobody has a label yet.');
  const cells = table.rows * table.columns.length;
  if (cells > maxCells) {
    return refused(
      'too_large',
      `${table.rows} rows of ${table.columns.length} columns are more than the ${maxCells} cells that fit in memory: ` +
        'learn from a sample of the rows or from fewer columns.',
    );
  }
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === table.rows) {
    return refused(
      'one_label',
      `All ${table.rows} rows have the label ${positives === 0 ? 0 : 1}: there is nothing to tell apart. ` +
        'Choose a longer horizon, another outcome or more recipients.',
    );
  }
  if (!table.columns.some(varies)) {
    return refused(
      'no_columns',
      'No column varies: every one holds the same in all rows, or nothing. Choose other features.',
    );
  }
  return undefined;
}

function checkLengths(table: Table, labels: Uint8Array, weights: Float64Array | undefined): void {
  for (const column of table.columns) {
    const length = column.type === 'number' ? column.values.length : column.codes.length;
    if (length !== table.rows) throw new Error(`column ${column.name} has ${length} rows, not ${table.rows}`);
  }
  if (labels.length !== table.rows) throw new Error(`${labels.length} labels for ${table.rows} rows`);
  const odd = labels.findIndex((label) => label > 1);
  if (odd >= 0) throw new Error(`the label of row ${odd} is ${labels[odd] as number}: it must be 0 or 1`);
  if (!weights) return;
  if (weights.length !== table.rows) throw new Error(`${weights.length} weights for ${table.rows} rows`);
  const bad = weights.findIndex((weight) => !(weight > 0 && weight < Infinity));
  if (bad >= 0) throw new Error(`the weight of row ${bad} is ${weights[bad] as number}: it must be above 0`);
}

/** Whether two rows differ in it; what is missing differs from what is known. */
export function varies(column: Column): boolean {
  if (column.type === 'category') {
    const known = (code: number): number => (code >= 0 && code < column.categories.length ? code : -1);
    const first = known(column.codes[0] as number);
    return column.codes.some((code) => known(code) !== first);
  }
  const finite = (value: number): number => (Number.isFinite(value) ? value + 0 : NaN);
  const first = finite(column.values[0] as number);
  return column.values.some((value) => {
    const next = finite(value);
    return next !== first && !(Number.isNaN(next) && Number.isNaN(first));
  });
}

/** @throws Error with a sentence where a table does not have the columns that a model was taught on, in their order. */
export function expectColumns(table: Table, specs: readonly ColumnSpec[]): void {
  if (table.columns.length !== specs.length) {
    throw new Error(
      `The model was taught on ${specs.length} columns and the table has ${table.columns.length}: make it with tableFor(model.columns, …).`,
    );
  }
  for (let c = 0; c < specs.length; c++) {
    const [column, spec] = [table.columns[c] as Column, specs[c] as ColumnSpec];
    if (column.name === spec.name && column.type === spec.type && sameCategories(column, spec)) continue;
    const found = specsOf(table)[c] as ColumnSpec;
    throw new Error(
      `Column ${c + 1} of the model is ${describe(spec)} and that of the table is ${describe(found)}: make it with tableFor(model.columns, …).`,
    );
  }
}

function sameCategories(column: Column, spec: ColumnSpec): boolean {
  if (column.type === 'number' || spec.type === 'number') return true;
  if (column.categories === spec.categories) return true;
  return (
    column.categories.length === spec.categories.length &&
    column.categories.every((text, place) => text === spec.categories[place])
  );
}

function describe(spec: ColumnSpec): string {
  if (spec.type === 'number') return `${spec.name} (numbers)`;
  return `${spec.name} (${spec.categories.length} categories)`;
}

export function refused(code: FitRefusal, reason: string): RefusedFit {
  return { refused: true, code, reason };
}

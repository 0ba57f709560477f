import { z } from 'zod';
import type { Json } from '../../strategy.js';
import type { Fitted, Model } from '../estimator.js';
import { type ColumnSpec, specsOf, type Table } from '../table.js';
import { type Term, termsOf, valuesOf } from './design.js';
import { solveNormal } from './solve-normal.js';

const version = 1;

/** A linear function of the columns. */
export interface LinearModel extends Model {
  readonly intercept: number;
  readonly terms: readonly Term[];
  /** By term, of its value over its scale. */
  readonly coefficients: readonly number[];
}

/**
 * Least squares fit of any numbers on a table. Refuses `no_rows`, `no_columns` (none varies) and `too_large` (numbers whose squares cannot
 * be added).
 *
 * @param weights above 0; all alike unless given.
 */
export function fitLinear(
  table: Table,
  targets: Float64Array,
  weights: Float64Array = new Float64Array(table.rows).fill(1),
): Exclude<Fitted, { model: Model }> | { readonly model: LinearModel } {
  if (table.rows === 0) return { refused: true, code: 'no_rows', reason: 'There are no rows to learn from.' };
  const terms = termsOf(table, weights);
  if (terms.length === 0) {
    return {
      refused: true,
      code: 'no_columns',
      reason: 'No column varies, so there is nothing to learn from.',
    };
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const intercept = targets.reduce((sum, y, row) => sum + (y * (weights[row] as number)) / total, 0);
  const rest = targets.map((y) => y - intercept);
  const values = terms.map((term) => valuesOf(table, term));
  const coefficients = solveNormal(values, rest, weights);
  if (!Number.isFinite(intercept) || !coefficients.every(Number.isFinite)) {
    return { refused: true, code: 'too_large', reason: 'The numbers are too large to be added up.' };
  }
  return { model: linearModel(specsOf(table), intercept, terms, coefficients) };
}

function linearModel(
  columns: readonly ColumnSpec[],
  intercept: number,
  terms: readonly Term[],
  coefficients: readonly number[],
): LinearModel {
  return {
    columns,
    intercept,
    terms,
    coefficients,
    predict(table) {
      checkColumns(columns, table);
      const scores = new Float64Array(table.rows).fill(intercept);
      terms.forEach((term, t) => {
        const coefficient = coefficients[t] as number;
        valuesOf(table, term).forEach((value, row) => {
          scores[row] = (scores[row] as number) + coefficient * value;
        });
      });
      return scores;
    },
    toJSON: (): Json => ({
      estimator: 'least_squares',
      version,
      columns: columns.map((column) => ({ ...column })),
      intercept,
      terms: terms.map((term) => ({ ...term })),
      coefficients,
    }),
  };
}

function checkColumns(columns: readonly ColumnSpec[], table: Table): void {
  const same =
    columns.length === table.columns.length &&
    columns.every((spec, c) => {
      const column = table.columns[c];
      return spec.name === column?.name && spec.type === column.type;
    });
  if (!same) throw new Error('The table has other columns than the model was taught on.');
}

const moments = { column: z.int().min(0), mean: z.number(), scale: z.number().gt(0) };
const jsonSchema = z.object({
  estimator: z.literal('least_squares'),
  version: z.literal(version),
  columns: z.array(
    z.discriminatedUnion('type', [
      z.object({ name: z.string(), type: z.literal('number') }),
      z.object({ name: z.string(), type: z.literal('category'), categories: z.array(z.string()) }),
    ]),
  ),
  intercept: z.number(),
  terms: z.array(
    z.discriminatedUnion('is', [
      z.object({ ...moments, is: z.literal('number') }),
      z.object({ ...moments, is: z.literal('missing') }),
      z.object({ ...moments, is: z.literal('category'), code: z.int().min(0) }),
    ]),
  ),
  coefficients: z.array(z.number()),
});

/** @throws Error with a sentence, for what `toJSON` did not write. */
export function linearFromJson(json: Json): LinearModel {
  const read = jsonSchema.safeParse(json);
  if (!read.success) {
    throw new Error(
      'This is no least squares model of this version: it is truncated, or of another estimator or version.',
    );
  }
  const { columns, intercept, terms, coefficients } = read.data;
  if (terms.length !== coefficients.length || terms.some(({ column }) => column >= columns.length)) {
    throw new Error('The least squares model is damaged: its terms do not fit its columns.');
  }
  return linearModel(columns, intercept, terms, coefficients);
}

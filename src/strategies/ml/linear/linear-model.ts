import { z } from 'zod';
import type { Json } from '../../strategy.js';
import { expectColumns, type RefusedFit, refused } from '../check-fit.js';
import type { Model } from '../estimator.js';
import { modelFields } from '../model-json.js';
import { type ColumnSpec, specsOf, type Table } from '../table.js';
import { type Term, termsOf, valuesOf } from './design.js';
import { solveNormal } from './solve-normal.js';

const estimator = 'least_squares';
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
): RefusedFit | { readonly model: LinearModel } {
  if (table.rows === 0) return refused('no_rows', 'There are no rows to learn from.');
  const terms = termsOf(table, weights);
  if (terms.length === 0) {
    return refused('no_columns', 'No column varies, so there is nothing to learn from.');
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const intercept = targets.reduce((sum, y, row) => sum + (y * (weights[row] as number)) / total, 0);
  const rest = targets.map((y) => y - intercept);
  const values = terms.map((term) => valuesOf(table, term));
  const coefficients = solveNormal(values, rest, weights);
  if (!Number.isFinite(intercept) || !coefficients.every(Number.isFinite)) {
    return refused('too_large', 'The numbers are too large to be added up.');
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
      expectColumns(table, columns);
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
      estimator,
      version,
      columns: columns.map((column) => ({ ...column })),
      intercept,
      terms: terms.map(({ mean, scale, ...kind }) => ({ ...kind, mean, scale })),
      coefficients,
    }),
  };
}

const column = z.int().min(0);
const moments = { mean: z.number(), scale: z.number().gt(0) };
const jsonSchema = z.object({
  intercept: z.number(),
  terms: z.array(
    z.discriminatedUnion('is', [
      z.object({ column, is: z.literal('number'), ...moments }),
      z.object({ column, is: z.literal('missing'), ...moments }),
      z.object({ column, is: z.literal('category'), code: z.int().min(0), ...moments }),
    ]),
  ),
  coefficients: z.array(z.number()),
});

/** @throws Error with a sentence, for what `toJSON` did not write. */
export function linearFromJson(json: Json): LinearModel {
  const fields = modelFields(json, estimator, version);
  const read = jsonSchema.safeParse(fields);
  if (!read.success) throw new Error('The least squares model is truncated: learn it again.');
  const { intercept, terms, coefficients } = read.data;
  if (terms.length !== coefficients.length || terms.some((term) => !fits(term, fields.columns))) {
    throw new Error('The least squares model is damaged, its terms do not fit its columns: learn it again.');
  }
  return linearModel(fields.columns, intercept, terms, coefficients);
}

function fits(term: Term, columns: readonly ColumnSpec[]): boolean {
  const column = columns[term.column];
  if (column?.type === 'category') return term.is === 'category' && term.code < column.categories.length;
  return column?.type === 'number' && term.is !== 'category';
}

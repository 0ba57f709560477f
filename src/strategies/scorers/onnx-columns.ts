import { z } from 'zod';
import { text } from '../../experiments/text.js';
import type { Cell } from '../ml/table.js';

/**
 * A column of a model's input: the number that a feature is, or 1 where it is this value and 0 where it is not. What is not
 * known is `missing`; without one the recipient has no score.
 */
export type OnnxColumn = {
  readonly feature: string;
  readonly equals?: string | number | boolean | undefined;
  readonly missing?: number | undefined;
};

export const onnxColumnsSchema = z
  .array(
    z.strictObject({
      feature: text(300),
      equals: z
        .union([text(1_000), z.number(), z.boolean()])
        .optional()
        .describe('The column is 1 where the feature is this, and 0 where it is not or is not known.'),
      missing: z.number().optional().describe('What stands for a number that is not known.'),
    }),
    'must be a list such as [{"feature": "recency_days", "missing": 9999}, {"feature": "trait.plan", "equals": "gold"}]',
  )
  .min(1, 'must hold at least one column')
  .max(2_000, 'must hold at most 2000 columns')
  .describe(
    'How the columns of the input are made of the features; each feature as a number, unless you say so.',
  );

/** The input of one recipient, or the feature for want of which there is none. */
export function inputRow(
  columns: readonly OnnxColumn[],
  features: readonly string[],
  row: readonly Cell[],
): readonly number[] | { readonly missing: string } {
  const values: number[] = [];
  for (const { feature, equals, missing } of columns) {
    const cell = row[features.indexOf(feature)];
    const value = equals === undefined ? (numberOf(cell) ?? missing) : Number(cell === equals);
    if (value === undefined) return { missing: feature };
    values.push(value);
  }
  return values;
}

function numberOf(cell: Cell): number | undefined {
  if (typeof cell === 'boolean') return Number(cell);
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : undefined;
}

import { z } from 'zod';

/** See `docs/models.md`. */
export interface ForestSettings {
  readonly trees: number;
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minLeafRows: number;
  /** Of the columns, those that each split looks at; the square root of their number by default. */
  readonly columnShare: number | 'sqrt';
  /** Rows with the share of positives of all that each leaf is given in addition. */
  readonly priorRows: number;
  readonly bins: number;
  readonly categorySmoothing: number;
  readonly minCategoryRows: number;
}

const whole = (from: number, to: number) =>
  z.int('must be a whole number').min(from, `must be ${from} at least`).max(to, `must be ${to} at most`);

export const forestSettings: z.ZodType<ForestSettings> = z.strictObject(
  {
    trees: whole(1, 2_000).default(100),
    maxLeaves: whole(2, 1_024).default(256),
    maxDepth: whole(1, 64).default(64),
    minLeafRows: whole(1, 1_000_000).default(5),
    columnShare: z
      .union([z.number().gt(0).max(1), z.literal('sqrt')], 'must be above 0 and 1 at most, or "sqrt"')
      .default('sqrt'),
    priorRows: z.number('must be a number').gt(0, 'must be above 0').max(1e6).default(1),
    bins: whole(2, 255).default(255),
    categorySmoothing: z.number('must be a number').min(0, 'must not be negative').max(1e9).default(10),
    minCategoryRows: whole(1, 1_000_000).default(5),
  },
  'must be an object with settings of a forest',
);

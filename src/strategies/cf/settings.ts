import { z } from 'zod';

/** Settings that several kinds have. */

export const weighingSchema = z.enum(['binary', 'given'], 'must be "binary" or "given"').default('binary');

export const halfLifeSchema = z
  .number('must be a number')
  .gt(0, 'must be above 0')
  .max(100_000)
  .nullable()
  .default(null);

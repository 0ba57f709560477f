import { z } from 'zod';

export interface NetworkSettings {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly learningRate: number;
  /** Penalty on the squares of the parameters. */
  readonly decay: number;
  /** Rows between two steps. */
  readonly batch: number;
  /** Times over all rows, at most. */
  readonly epochs: number;
  /** Epochs without improvement on the rows held out, after which it ends. */
  readonly patience: number;
  /** Share of the rows held out to know when to end. */
  readonly validationShare: number;
  /** Most dummies of one column; the rarest categories share the last. */
  readonly categories: number;
}

const whole = z.int('must be a whole number');
const number = z.number('must be a number');

export const networkSettings = z.strictObject(
  {
    hidden: z
      .array(whole.min(1, 'must be 1 or more').max(512, 'must be 512 at most'), 'must be a list of numbers')
      .min(1, 'must have 1 layer at least')
      .max(4, 'must have 4 layers at most')
      .default([32, 16]),
    learningRate: number.gt(0, 'must be above 0').max(1).default(0.002),
    decay: number.min(0, 'must be 0 or more').max(1).default(0.0005),
    batch: whole.min(1, 'must be 1 or more').max(100_000).default(128),
    epochs: whole.min(1, 'must be 1 or more').max(10_000).default(100),
    patience: whole.min(1, 'must be 1 or more').max(1_000).default(8),
    validationShare: number.min(0, 'must be 0 or more').max(0.5, 'must be 0.5 at most').default(0.1),
    categories: whole.min(2, 'must be 2 or more').max(1_000).default(50),
  },
  'must be an object with hidden, learningRate, decay, batch, epochs, patience, validationShare and categories',
);

import { z } from 'zod';

/** See `docs/models.md`. Names and defaults of what scikit-learn has too are its own, in words. */
export interface BoostingSettings {
  readonly trees: number;
  readonly learningRate: number;
  readonly growth: 'leaf' | 'depth';
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minLeafRows: number;
  readonly l2: number;
  readonly bins: number;
  /** Shares of the rows and columns that each tree sees. */
  readonly rowShare: number;
  readonly columnShare: number;
  readonly categorySmoothing: number;
  readonly minCategoryRows: number;
  readonly monotone: Readonly<Record<string, 'increasing' | 'decreasing'>>;
  /** Of the rows, for early stopping; 0 keeps all trees. */
  readonly validationShare: number;
  readonly patience: number;
  /**
   * `auto`: how large the trees are and how many there are is chosen by rows held out inside those learned from. Usual where
   * nothing of that is said.
   */
  readonly tuning?: 'none' | 'auto';
}

/** Whoever says one of these has chosen, and gets just that, with the defaults of the rest. */
const sizes = [
  ...['trees', 'learningRate', 'growth', 'maxLeaves', 'maxDepth', 'minLeafRows', 'l2'],
  ...['rowShare', 'columnShare', 'validationShare', 'patience'],
];

function withTuning(written: unknown): unknown {
  if (typeof written !== 'object' || written === null || Array.isArray(written) || 'tuning' in written)
    return written;
  const isChosen = sizes.some((name) => Object.hasOwn(written, name));
  return { ...written, tuning: isChosen ? 'none' : 'auto' };
}

const share = (name: string) => z.number('must be a number').gt(0, `${name} must be above 0`).max(1);
const whole = (from: number, to: number) =>
  z.int('must be a whole number').min(from, `must be ${from} at least`).max(to, `must be ${to} at most`);

export const boostingSettings: z.ZodType<BoostingSettings> = z.preprocess(
  withTuning,
  z.strictObject(
    {
      trees: whole(1, 5_000).default(100),
      learningRate: share('learningRate').default(0.1),
      growth: z.enum(['leaf', 'depth'], 'must be "leaf" or "depth"').default('leaf'),
      maxLeaves: whole(2, 1_024).default(31),
      maxDepth: whole(1, 64).default(64),
      minLeafRows: whole(1, 1_000_000).default(20),
      l2: z.number('must be a number').min(0, 'must not be negative').max(1e9).default(0),
      bins: whole(2, 255).default(255),
      rowShare: share('rowShare').default(1),
      columnShare: share('columnShare').default(1),
      categorySmoothing: z.number('must be a number').min(0, 'must not be negative').max(1e9).default(10),
      minCategoryRows: whole(1, 1_000_000).default(10),
      monotone: z
        .record(z.string(), z.enum(['increasing', 'decreasing'], 'must be "increasing" or "decreasing"'))
        .default({}),
      validationShare: z.number('must be a number').min(0).max(0.5, 'must be 0.5 at most').default(0.1),
      patience: whole(1, 1_000).default(10),
      tuning: z.enum(['none', 'auto'], 'must be "none" or "auto"'),
    },
    'must be an object with settings of boosting',
  ),
);

import type { Warning } from '../result.js';
import { addSums, impossibleSums, skewness, type OutcomeSums } from '../sums.js';
import type { Method } from '../method.js';

/** Above this the t test's two tails are visibly unequal. */
const LIMIT = 0.1;

/**
 * How far skewed outcomes and unequal arms together push a t test off: |g| |1/nt² - 1/nc²| / (1/nt + 1/nc)^1.5 with g the
 * skewness over both arms. 0 for equal arms, however skewed the outcomes. NaN where there is no skewness (all equal).
 */
export function skewImbalance(control: OutcomeSums, treatment: OutcomeSums): number {
  const c = 1 / Number(control.n);
  const t = 1 / Number(treatment.n);
  const g = skewness(addSums(control, treatment));
  return (Math.abs(g) * Math.abs(t * t - c * c)) / (t + c) ** 1.5;
}

/**
 * Warns `skewed_unequal` when skewness and unequal allocation together bias the Welch test (imbalance above 0.1, where
 * one tail's error is several times the nominal one). No warning for sums that other methods refuse.
 */
export function skewGuard(control: OutcomeSums, treatment: OutcomeSums): Warning | undefined {
  if (impossibleSums(control) ?? impossibleSums(treatment)) return undefined;
  if (control.n === 0n || treatment.n === 0n) return undefined;
  if (!(skewImbalance(control, treatment) > LIMIT)) return undefined;
  const message =
    'Very uneven outcomes and arms of very different size: the t test may be off; prefer equal arms.';
  return { code: 'skewed_unequal', message };
}

export const skewGuardMethod = {
  id: 'mean.skew_guard',
  title: 'Warning about skewed outcomes in unequal arms',
  needs: ['n', 'sum', 'sumSquares', 'sumCubes'],
  parameters: [],
  reference: 'Hall (1992); Kohavi et al. (2014), rule 7',
  compute: skewImbalance,
} as const satisfies Method;

import type { Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, refuse, type OrRefusal, type Warning } from '../result.js';
import { addSums, impossibleSums, skewness, variance, type OutcomeSums } from '../sums.js';

/** Above this the t test's two tails are visibly unequal. */
const LIMIT = 0.1;

export interface SkewDiagnosis {
  /** Skewness m3 / m2^1.5 over both arms together. */
  readonly skewness: number;
  /**
   * How far skewed outcomes and unequal arms together push a t test off: |g| |1/nt² - 1/nc²| / (1/nt + 1/nc)^1.5, which
   * is |g| |1/nt - 1/nc| / √(1/nt + 1/nc). 0 for equal arms, however skewed the outcomes.
   */
  readonly imbalance: number;
  /** Recipients per arm from which the mean of one arm is normal enough by itself, 355 g². */
  readonly recipientsForNormality: number;
}

/**
 * How skewed the outcomes are and what that does to a t test of two arms of these sizes. Refuses `invalid_input`,
 * `empty_arm`, and `no_variation` when all outcomes are equal. Hall (1992); Kohavi et al. (2014), rule 7.
 */
export function skewDiagnosis(control: OutcomeSums, treatment: OutcomeSums): OrRefusal<SkewDiagnosis> {
  const impossible = impossibleSums(control) ?? impossibleSums(treatment);
  if (impossible) return impossible;
  if (control.n === 0n || treatment.n === 0n) return refuse('empty_arm', 'An arm has no recipients.');
  const all = addSums(control, treatment);
  if (variance(all) === 0) return refuse('no_variation', 'All outcomes are equal, so they have no skewness.');
  const g = skewness(all);
  // No n outcomes are more skewed than a single one apart from the rest: |g| <= (n - 2) / √(n - 1).
  if (!(Math.abs(g) <= Math.sqrt(Number(all.n)))) {
    return refuse('invalid_input', 'The sum of cubes does not fit the sum and the sum of squares.');
  }
  const product = control.n * treatment.n;
  const apart = Math.abs(ratio(control.n - treatment.n, product));
  const imbalance = (Math.abs(g) * apart) / Math.sqrt(ratio(all.n, product));
  return { skewness: g, imbalance, recipientsForNormality: 355 * g * g };
}

/**
 * Warns `skewed_unequal` when skewness and unequal allocation together bias the Welch test (imbalance above 0.1, where
 * one tail's error is several times the nominal one). No warning for sums that other methods refuse.
 */
export function skewGuard(control: OutcomeSums, treatment: OutcomeSums): Warning | undefined {
  const diagnosis = skewDiagnosis(control, treatment);
  if (isRefusal(diagnosis) || diagnosis.imbalance <= LIMIT) return undefined;
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
  compute: skewDiagnosis,
} as const satisfies Method;

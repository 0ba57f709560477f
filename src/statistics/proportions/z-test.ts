import { impossibleCounts, rateDifference, type Count } from '../count.js';
import { logTwoSidedNormal } from '../distributions/normal.js';
import type { Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, refuse, type OrRefusal, type TestResult } from '../result.js';
import { ALTERNATIVE, impossibleAlternative, oneSidedNormal, type Alternative } from './alternative.js';
import { pearson, smallExpected } from './pearson.js';
import { rateVariance } from './wald-difference.js';

/**
 * The z test of two rates with the pooled standard error: z² is Pearson's statistic and the two-sided p is Pearson's p.
 * z is positive where the treatment has the higher rate. Refuses and warns as `pearson`, and refuses `invalid_input`
 * for an unknown alternative.
 */
export function pooledZ(
  control: Count,
  treatment: Count,
  alternative: Alternative = 'two_sided',
): OrRefusal<TestResult> {
  const plain = impossibleAlternative(alternative) ?? pearson([control, treatment]);
  if (isRefusal(plain)) return plain;
  const statistic = signedRoot(control, treatment, control.n + treatment.n);
  const tail = alternative === 'two_sided' ? {} : oneSidedNormal(statistic, alternative);
  return { ...plain, method: 'proportion.pooled_z', statistic, df: [], ...tail };
}

/**
 * (p_t - p_c) / √(P (1 - P) (1/n_c + 1/n_t)) times √(size / N), everything under the root exact before it is rounded.
 * Needs at least one success and one failure.
 */
export function signedRoot(control: Count, treatment: Count, size: bigint): number {
  const n = control.n + treatment.n;
  const successes = control.successes + treatment.successes;
  const cross = treatment.successes * control.n - control.successes * treatment.n;
  const square = ratio(cross * cross * size, control.n * treatment.n * successes * (n - successes));
  return cross < 0n ? -Math.sqrt(square) : Math.sqrt(square);
}

/**
 * The z test of two rates with the unpooled standard error, the counterpart of the Wald interval and as liberal as it
 * is; only for comparison with other tools. Warns `small_expected`. Refuses `invalid_input`, `empty_arm`, and
 * `no_variation` where nobody or everybody did it in each of the arms, because the standard error is zero then.
 */
export function unpooledZ(
  control: Count,
  treatment: Count,
  alternative: Alternative = 'two_sided',
): OrRefusal<TestResult> {
  const impossible = impossibleAlternative(alternative) ?? impossibleCounts([control, treatment]);
  if (impossible) return impossible;
  const se = Math.sqrt(rateVariance(control) + rateVariance(treatment));
  if (se === 0) return refuse('no_variation', 'In each arm nobody or everybody did it.');
  const statistic = rateDifference(control, treatment) / se;
  const tail = alternative === 'two_sided' ? twoSided(statistic) : oneSidedNormal(statistic, alternative);
  const warnings = smallExpected([control, treatment]);
  return { method: 'proportion.unpooled_z', statistic, df: [], ...tail, warnings };
}

function twoSided(z: number): { p: number; logP: number } {
  const logP = logTwoSidedNormal(z);
  return { p: Math.exp(logP), logP };
}

export const pooledZMethod = {
  id: 'proportion.pooled_z',
  title: 'z test of two rates, pooled standard error',
  needs: ['n', 'nonZero'],
  parameters: [ALTERNATIVE],
  reference: 'Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.2',
  compute: pooledZ,
} as const satisfies Method;

export const unpooledZMethod = {
  id: 'proportion.unpooled_z',
  title: 'z test of two rates, unpooled standard error (for comparison with other tools)',
  needs: ['n', 'nonZero'],
  parameters: [ALTERNATIVE],
  reference: 'Wald (1943); Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.1',
  compute: unpooledZ,
} as const satisfies Method;

import { fiellerLimits } from '../fieller-limits.js';
import { LEVEL, type Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, type Estimate, type OrRefusal } from '../result.js';
import { mean, meanVariance, type OutcomeSums } from '../sums.js';
import { testedEstimate } from '../tested-estimate.js';
import { welch, type WelchResult } from './welch.js';

/**
 * Uplift of a mean, treatment / control - 1, with Fieller's interval at the Welch t quantile: it excludes 0 exactly
 * when Welch's test rejects. With 'normal' the quantile is that of the normal distribution, as other tools take it for
 * large arms; the interval then excludes 0 exactly when the z test of the same statistic rejects. Refuses what `welch`
 * refuses, and `baseline_zero` when the control mean is not itself separated from zero at that quantile, because the
 * interval would then be unbounded. For a control mean below zero the ratio is given as it is. Fieller (1954).
 */
export function fieller(
  control: OutcomeSums,
  treatment: OutcomeSums,
  level: number,
  quantile: 't' | 'normal' = 't',
): OrRefusal<Estimate> {
  const result = welch(control, treatment, level);
  if (isRefusal(result)) return result;
  if (quantile === 't') return fiellerBeside(result, control, treatment);
  const byNormal = testedEstimate({ ...result.difference, df: Infinity }, level, 'mean.fieller');
  return fiellerBeside({ ...byNormal, difference: byNormal.estimate }, control, treatment);
}

/** `fieller` where Welch's test of the same arms at the same level is known already. */
export function fiellerBeside(
  { difference, test, critical }: WelchResult,
  control: OutcomeSums,
  treatment: OutcomeSums,
): OrRefusal<Estimate> {
  const { level } = difference.interval;
  const interval = fiellerLimits({
    control: mean(control),
    treatment: mean(treatment),
    controlVariance: meanVariance(control),
    treatmentVariance: meanVariance(treatment),
    covariance: 0,
    difference,
    quantile: critical,
    rejects: test.p < 1 - level,
  });
  return isRefusal(interval) ? interval : { value: meanUplift(control, treatment), interval };
}

/**
 * Treatment / control - 1 of the means, rounded once. Needs recipients in both arms and a control sum other than zero.
 */
export function meanUplift(control: OutcomeSums, treatment: OutcomeSums): number {
  const base = control.sum * treatment.n;
  return ratio(treatment.sum * control.n - base, base);
}

export const fiellerMethod = {
  id: 'mean.fieller',
  title: "Uplift of a mean with Fieller's interval",
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [
    LEVEL,
    { name: 'quantile', meaning: '`t` (with the degrees of freedom of Welch) or `normal`; `t` by default' },
  ],
  reference: 'Fieller (1954)',
  compute: fieller,
} as const satisfies Method;

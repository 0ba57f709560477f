import { agreeWithTest } from '../confidence.js';
import { logTwoSidedT } from '../distributions/student-t.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal } from '../result.js';
import { tooLarge, meanThirdMoment, type OutcomeSums } from '../sums.js';
import { withoutSkewness, withSkewness } from './hall-transform.js';
import { skewDiagnosis } from './skew-guard.js';
import { welch, type MeanComparison } from './welch.js';

/** In smaller arms the correction hurts more than it helps (balanced arms of 1000: 6.9 % errors per side). */
const SMALLEST_ARM = 10_000n;

/**
 * Welch's t test of two means after Hall's cubic transformation takes the skewness out of the statistic, and the
 * interval that belongs to it. With κ the skewness of the difference of the means, t becomes
 * g(t) = t + κ t²/3 + κ² t³/27 + κ/6, which rises everywhere, and the limits are d - se g⁻¹(±t quantile). A sensitivity
 * line for skewed outcomes in arms of unequal size, beside `welch` and never in its place. Refuses what `welch`
 * refuses, `too_few` below 10,000 recipients in an arm, and `invalid_input` for sums of cubes that do not fit. The
 * interval excludes 0 exactly when p < 1 - level. Hall (1992), JRSS-B 54:221; for two samples Zhou & Dinh (2005).
 */
export function hall(control: OutcomeSums, treatment: OutcomeSums, level: number): OrRefusal<MeanComparison> {
  const plain = welch(control, treatment, level);
  if (isRefusal(plain)) return plain;
  if (control.n < SMALLEST_ARM || treatment.n < SMALLEST_ARM) {
    return refuse('too_few', 'The correction for skewness needs at least 10,000 recipients in each arm.');
  }
  const diagnosis = skewDiagnosis(control, treatment);
  if (isRefusal(diagnosis)) return diagnosis;
  const { value, se } = plain.difference;
  const df = plain.test.df[0] ?? NaN;
  const kappa = meanThirdMoment(treatment) / se ** 3 - meanThirdMoment(control) / se ** 3;
  const statistic = withoutSkewness(plain.test.statistic, kappa);
  if (!Number.isFinite(statistic)) return tooLarge;
  const logP = logTwoSidedT(statistic, df);
  const p = Math.exp(logP);
  const lower = value - se * withSkewness(plain.critical, kappa);
  const upper = value - se * withSkewness(-plain.critical, kappa);
  return {
    difference: { value, se, interval: agreeWithTest({ lower, upper, level }, p < 1 - level) },
    test: { method: 'mean.hall', statistic, df: [df], p, logP, warnings: [] },
  };
}

export const hallMethod = {
  id: 'mean.hall',
  title: 'Skewness-corrected t test of two means (sensitivity)',
  needs: ['n', 'sum', 'sumSquares', 'sumCubes'],
  parameters: [LEVEL],
  reference: 'Hall (1992); Zhou & Dinh (2005)',
  compute: hall,
} as const satisfies Method;

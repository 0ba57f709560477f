import { agreeWithTest } from '../confidence.js';
import { normal, logTwoSidedNormal } from '../distributions/normal.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, refuse, type Estimate, type OrRefusal } from '../result.js';
import { mean, meanVariance, type OutcomeSums } from '../sums.js';
import { welch, type WelchResult } from './welch.js';
import { LEVEL, type Method } from '../method.js';

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
  if (quantile === 't') return fiellerBeside(result, control, treatment, level);
  const p = Math.exp(logTwoSidedNormal(result.test.statistic));
  const test = { ...result.test, p };
  return fiellerBeside({ ...result, test, critical: normal.isf((1 - level) / 2) }, control, treatment, level);
}

/** `fieller` where Welch's test of the same arms at the same level is known already. */
export function fiellerBeside(
  { difference, test, critical: t }: WelchResult,
  control: OutcomeSums,
  treatment: OutcomeSums,
  level: number,
): OrRefusal<Estimate> {
  const base = mean(control);
  // Everything in units of the control mean.
  const vc = t * t * (meanVariance(control) / base / base);
  if (!(vc < 1)) {
    return refuse('baseline_zero', 'The control mean may be zero, so an uplift over it has no bounds.');
  }
  const vt = t * t * (meanVariance(treatment) / base / base);
  const { value: d, se } = difference;
  const limits = roots(
    vc,
    vt,
    d / base,
    mean(treatment) / base,
    ((d - t * se) / base) * ((d + t * se) / base),
  );
  return {
    value: meanUplift(control, treatment),
    interval: agreeWithTest({ ...limits, level }, test.p < 1 - level),
  };
}

/** Roots of a u² - 2 b u + c = 0; c is the product of the limits of the difference, so its sign is the test's decision. */
function roots(
  vc: number,
  vt: number,
  d: number,
  relative: number,
  c: number,
): { lower: number; upper: number } {
  const a = 1 - vc;
  const b = d + vc;
  const root = Math.sqrt(vc * relative ** 2 + vt * a);
  const far = (b + (b < 0 ? -root : root)) / a;
  const near = far === 0 ? 0 : c / (a * far);
  return { lower: Math.min(far, near), upper: Math.max(far, near) };
}

/** Treatment / control - 1 of the means, rounded once. Needs recipients in both arms and a control sum other than zero. */
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

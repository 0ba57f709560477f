import { agreeWithTest } from '../confidence.js';
import { studentT } from '../distributions/student-t.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, refuse, type Estimate, type OrRefusal } from '../result.js';
import { mean, meanVariance, type OutcomeSums } from '../sums.js';
import { welch } from './welch.js';
import { LEVEL, type Method } from '../method.js';

/**
 * Uplift of a mean, treatment / control - 1, with Fieller's interval at the Welch t quantile: it excludes 0 exactly
 * when Welch's test rejects. Refuses what `welch` refuses, and `baseline_zero` when the control mean is not itself
 * separated from zero at that quantile, because the interval would then be unbounded. For a control mean below
 * zero the ratio is given as it is. Fieller (1954).
 */
export function fieller(control: OutcomeSums, treatment: OutcomeSums, level: number): OrRefusal<Estimate> {
  const result = welch(control, treatment, level);
  if (isRefusal(result)) return result;
  const { value: d, interval } = result.difference;
  const t = studentT.isf((1 - level) / 2, result.test.df[0] ?? NaN);
  const base = mean(control);
  const vc = meanVariance(control) * t * t;
  const vt = meanVariance(treatment) * t * t;
  const a = base * base - vc;
  if (a <= 0) {
    return refuse('baseline_zero', 'The control mean may be zero, so an uplift over it has no bounds.');
  }
  // a u² - 2 b u + c = 0; c is the product of the Welch limits, so its sign is the decision of the test.
  const b = d * base + vc;
  const c = interval.lower * interval.upper;
  const root = Math.sqrt(vc * mean(treatment) ** 2 + vt * a);
  const far = (b + (b < 0 ? -root : root)) / a;
  const near = c / (a * far);
  const limits = { lower: Math.min(far, near), upper: Math.max(far, near), level };
  const crossBase = control.n * treatment.sum - control.sum * treatment.n;
  return {
    value: ratio(crossBase, control.sum * treatment.n),
    interval: agreeWithTest(limits, result.test.p < 1 - level),
  };
}

export const fiellerMethod = {
  id: 'mean.fieller',
  title: "Uplift of a mean with Fieller's interval",
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Fieller (1954)',
  compute: fieller,
} as const satisfies Method;

import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { logRatio } from '../numerics/log-ratio.js';
import { isRefusal, refuse, type Estimate, type OrRefusal } from '../result.js';
import { logMeanVariance, type OutcomeSums } from '../sums.js';
import { meanUplift } from './fieller.js';
import { welch } from './welch.js';

export interface LogUplift extends Estimate {
  /** Standard error of log(treatment / control). */
  readonly seLog: number;
}

/**
 * Uplift of a mean with a normal interval on the log scale, exp(log ratio ± z √(v1/(n1 m1²) + v2/(n2 m2²))) - 1. A
 * shortcut for bulk tables: it can contradict Welch's test and misses skewed outcomes more often than `fieller` does.
 * Refuses what `welch` refuses, `baseline_zero` when the control mean is 0, and `not_positive` when the ratio of the
 * means is not above 0. Cochran, Sampling Techniques, 3rd ed., ch. 6.
 */
export function logUplift(control: OutcomeSums, treatment: OutcomeSums, level: number): OrRefusal<LogUplift> {
  const result = welch(control, treatment, level);
  if (isRefusal(result)) return result;
  if (control.sum === 0n) {
    return refuse('baseline_zero', 'The control mean is zero, so an uplift over it has no meaning.');
  }
  if (control.sum > 0n !== treatment.sum > 0n || treatment.sum === 0n) {
    return refuse('not_positive', 'The ratio of the two means is not above zero, so it has no logarithm.');
  }
  const log = logRatio(treatment.sum * control.n, control.sum * treatment.n);
  const seLog = Math.sqrt(logMeanVariance(control) + logMeanVariance(treatment));
  const half = normal.isf((1 - level) / 2) * seLog;
  return {
    value: meanUplift(control, treatment),
    seLog,
    interval: { lower: Math.expm1(log - half), upper: Math.expm1(log + half), level },
  };
}

export const logUpliftMethod = {
  id: 'mean.log_uplift',
  title: 'Uplift of a mean with log interval',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Cochran, Sampling Techniques, 3rd ed. (1977), ch. 6',
  compute: logUplift,
} as const satisfies Method;

import type { Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { logRatio } from '../numerics/log-ratio.js';
import type { Estimate, OrRefusal, Warning } from '../result.js';
import { impossibleUplift, logRateVariance, pointUplift, uplift } from './uplift.js';

export interface LogRatioUplift extends Estimate {
  /** Standard error of log(treatment rate / control rate). */
  readonly seLog: number;
  readonly warnings: readonly Warning[];
}

/**
 * Uplift of a rate, treatment / control - 1, with Katz's interval, which is symmetric for the logarithm of the ratio: a
 * closed form for large tables when both arms have 20 successes or more. `scoreRatio` is the better one below and the
 * one that cannot contradict Pearson's test. Warns `few_events` where the standard error of the logarithm exceeds 0.5.
 * Refuses `invalid_input`, `empty_arm`, `baseline_zero` (no success in the control arm) and `no_variation` (none in the
 * treatment arm, or nothing but successes in both). Katz et al. (1978).
 */
export function katz(control: Count, treatment: Count, level: number): OrRefusal<LogRatioUplift> {
  const impossible = impossibleUplift(control, treatment, level) ?? pointUplift(control, treatment);
  if (impossible) return impossible;
  const value = uplift(control, treatment);
  const seLog = Math.sqrt(logRateVariance(control) + logRateVariance(treatment));
  const half = normal.isf((1 - level) / 2) * seLog;
  const log = logRatio(treatment.successes * control.n, control.successes * treatment.n);
  const interval = { lower: Math.expm1(log - half), upper: Math.expm1(log + half), level };
  return { value, seLog, interval, warnings: seLog > 0.5 ? [FEW] : [] };
}

const FEW: Warning = {
  code: 'few_events',
  message: 'So few did it that the interval of the uplift is a rough one.',
};

export const katzMethod = {
  id: 'proportion.katz',
  title: "Uplift of a rate with Katz's logarithmic interval",
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Katz, Baptista, Azen & Pike, Biometrics 34 (1978) 469',
  compute: katz,
} as const satisfies Method;

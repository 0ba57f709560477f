import type { CrossSums } from '../cross-sums.js';
import { normal } from '../distributions/normal.js';
import { fiellerLimits } from '../fieller-limits.js';
import { logRatio } from '../numerics/log-ratio.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type Interval, type OrRefusal } from '../result.js';
import { logRatioVariance, ratioOf, ratioVariance } from './ratio-arm.js';

export interface RatioUplift {
  /** Ratio of treatment / ratio of control - 1. */
  readonly value: number;
  /** Fieller's interval: excludes 0 exactly when the test of the difference rejects. */
  readonly interval: OrRefusal<Interval>;
  /**
   * The shortcut over the logarithm, for tables: it may contradict the test. Refused unless both ratios are above
   * zero.
   */
  readonly log: OrRefusal<RatioLogUplift>;
}

export interface RatioLogUplift {
  /** Standard error of log(ratio of treatment / ratio of control). */
  readonly se: number;
  /** Interval of the uplift, exp(log ± z se) - 1. */
  readonly interval: Interval;
}

/**
 * Uplift of Σy / Σd beside its difference. For a control below zero the quotient is given as it is. Refuses
 * `baseline_zero` where the control's ratio is zero; its interval where that ratio may be zero. Fieller (1954).
 */
export function ratioUplift(
  control: CrossSums,
  treatment: CrossSums,
  difference: { readonly value: number; readonly interval: Interval },
  rejects: boolean,
): OrRefusal<RatioUplift> {
  const [yc = 0n, dc = 0n] = control.sums;
  const [yt = 0n, dt = 0n] = treatment.sums;
  if (yc === 0n)
    return refuse('baseline_zero', 'The ratio of the control is zero, so no uplift over it exists.');
  const value = ratio(yt * dc - yc * dt, yc * dt);
  const quantile = normal.isf((1 - difference.interval.level) / 2);
  const interval = fiellerLimits({
    control: ratioOf(control),
    treatment: ratioOf(treatment),
    controlVariance: ratioVariance(control),
    treatmentVariance: ratioVariance(treatment),
    covariance: 0,
    difference,
    quantile,
    rejects,
  });
  return { value, interval, log: logUplift(control, treatment, difference.interval.level) };
}

function logUplift(control: CrossSums, treatment: CrossSums, level: number): OrRefusal<RatioLogUplift> {
  const [yc = 0n, dc = 0n] = control.sums;
  const [yt = 0n, dt = 0n] = treatment.sums;
  if (yc <= 0n || yt <= 0n)
    return refuse('baseline_zero', 'A ratio is not above zero, so it has no logarithm.');
  const se = Math.sqrt(logRatioVariance(control) + logRatioVariance(treatment));
  const half = normal.isf((1 - level) / 2) * se;
  const log = logRatio(yt * dc, yc * dt);
  return { se, interval: { lower: Math.expm1(log - half), upper: Math.expm1(log + half), level } };
}

import { rate, rateDifference, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { fiellerLimits } from '../fieller-limits.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, type Estimate, type OrRefusal } from '../result.js';
import { impossibleUplift, pointUplift, uplift } from './uplift.js';
import { rateVariance } from './wald-difference.js';
import { unpooledZ } from './z-test.js';

/**
 * Uplift of a rate, treatment / control - 1, with Fieller's interval at the normal quantile: all uplifts u for which
 * p_t - (1 + u) p_c lies within z unpooled standard errors of 0, so it excludes 0 exactly when `unpooledZ` rejects.
 * Refuses as `katz`, and `baseline_zero` where the control rate itself is within z standard errors of 0, because the
 * interval has no bounds then. Fieller (1954).
 */
export function fiellerUplift(control: Count, treatment: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleUplift(control, treatment, level) ?? pointUplift(control, treatment);
  if (impossible) return impossible;
  const test = unpooledZ(control, treatment);
  const quantile = normal.isf((1 - level) / 2);
  const [controlVariance, treatmentVariance] = [rateVariance(control), rateVariance(treatment)];
  const value = rateDifference(control, treatment);
  const half = quantile * Math.sqrt(controlVariance + treatmentVariance);
  const interval = fiellerLimits({
    control: rate(control),
    treatment: rate(treatment),
    controlVariance,
    treatmentVariance,
    covariance: 0,
    difference: { value, interval: { lower: value - half, upper: value + half, level } },
    quantile,
    rejects: !isRefusal(test) && test.p < 1 - level,
  });
  return isRefusal(interval) ? interval : { value: uplift(control, treatment), interval };
}

export const fiellerUpliftMethod = {
  id: 'proportion.fieller_uplift',
  title: "Uplift of a rate with Fieller's interval",
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Fieller (1954)',
  compute: fiellerUplift,
} as const satisfies Method;

import { agreeWithTest } from '../confidence.js';
import type { Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, refuse, type Estimate, type OrRefusal } from '../result.js';
import { impossibleUplift, logRateVariance, pointUplift, uplift } from './uplift.js';
import { unpooledZ } from './z-test.js';
import { LEVEL, type Method } from '../method.js';

/**
 * Uplift of a rate, treatment / control - 1, with Fieller's interval at the normal quantile: all uplifts u for which
 * p_t - (1 + u) p_c lies within z unpooled standard errors of 0, so it excludes 0 exactly when `unpooledZ` rejects.
 * Refuses as `katz`, and `baseline_zero` where the control rate itself is within z standard errors of 0, because the
 * interval has no bounds then. Fieller (1954).
 */
export function fiellerUplift(control: Count, treatment: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleUplift(control, treatment, level) ?? pointUplift(control, treatment);
  if (impossible) return impossible;
  const z = normal.isf((1 - level) / 2);
  const a = 1 - z * z * logRateVariance(control);
  if (a <= 0) {
    return refuse('baseline_zero', 'The control rate may be zero, so an uplift over it has no bounds.');
  }
  const value = uplift(control, treatment);
  const test = unpooledZ(control, treatment);
  const rejects = !isRefusal(test) && test.p < 1 - level;
  return { value, interval: agreeWithTest({ ...limits(control, treatment, z, a), level }, rejects) };
}

/**
 * The roots of a u² - 2 b u + c, which is (p_t - (1 + u) p_c)² - z² (v_t + (1 + u)² v_c) over p_c². The nearer one comes
 * from the product of both, because it may be a tiny part of the other.
 */
function limits(control: Count, treatment: Count, z: number, a: number): { lower: number; upper: number } {
  const value = uplift(control, treatment);
  const times = ratio(treatment.successes * control.n, control.successes * treatment.n);
  const vc = z * z * logRateVariance(control);
  const vt = z * z * logRateVariance(treatment) * times * times;
  const b = value + vc;
  const half = Math.sqrt(vc + vt);
  const c = (value - half) * (value + half);
  const root = Math.sqrt(vc * times * times + vt * a);
  const far = (b + (b < 0 ? -root : root)) / a;
  const near = far === 0 ? 0 : c / (a * far);
  return { lower: Math.min(far, near), upper: Math.max(far, near) };
}

export const fiellerUpliftMethod = {
  id: 'proportion.fieller_uplift',
  title: "Uplift of a rate with Fieller's interval",
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Fieller (1954)',
  compute: fiellerUplift,
} as const satisfies Method;

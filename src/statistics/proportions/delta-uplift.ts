import type { Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import type { Estimate, OrRefusal } from '../result.js';
import { impossibleUplift, logRateVariance, pointUplift, uplift } from './uplift.js';

/**
 * Uplift of a rate, treatment / control - 1, with the symmetric delta-method interval that many tools show; only for
 * comparison with them. It misses on one side (6.2 % against 0.01 % at a rate of 1 % and n = 2000), may reach below
 * -100 % and can contradict the test of the difference. Refuses as `katz`.
 */
export function rateDeltaUplift(control: Count, treatment: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleUplift(control, treatment, level) ?? pointUplift(control, treatment);
  if (impossible) return impossible;
  const value = uplift(control, treatment);
  const times = ratio(treatment.successes * control.n, control.successes * treatment.n);
  const se = times * Math.sqrt(logRateVariance(control) + logRateVariance(treatment));
  const half = normal.isf((1 - level) / 2) * se;
  return { value, se, interval: { lower: value - half, upper: value + half, level } };
}

export const rateDeltaUpliftMethod = {
  id: 'proportion.delta_uplift',
  title: 'Uplift of a rate with delta-method interval (for comparison with other tools)',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.1.5',
  compute: rateDeltaUplift,
} as const satisfies Method;

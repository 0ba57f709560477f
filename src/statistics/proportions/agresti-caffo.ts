import { impossibleLevel, withinRange } from '../confidence.js';
import { impossibleCounts, rateDifference, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import type { Estimate, OrRefusal } from '../result.js';
import { rateVariance } from './wald-difference.js';

/**
 * Difference of two rates with the interval of Agresti and Caffo: Wald's after one success and one failure more in each
 * arm, cut at -1 and 1. `value` stays the observed difference, which for rates near 0 or 1 need not be the middle of
 * the interval. Refuses `invalid_input` and `empty_arm`. Agresti & Caffo (2000).
 */
export function agrestiCaffo(control: Count, treatment: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level) ?? impossibleCounts([control, treatment]);
  if (impossible) return impossible;
  const [c, t] = [smoothed(control), smoothed(treatment)];
  const middle = rateDifference(c, t);
  const se = Math.sqrt(rateVariance(c) + rateVariance(t));
  const half = normal.isf((1 - level) / 2) * se;
  const interval = withinRange({ lower: middle - half, upper: middle + half, level }, -1, 1);
  return { value: rateDifference(control, treatment), se, interval };
}

function smoothed({ successes, n }: Count): Count {
  return { successes: successes + 1n, n: n + 2n };
}

export const agrestiCaffoMethod = {
  id: 'proportion.agresti_caffo',
  title: 'Difference of two rates with the interval of Agresti and Caffo',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Agresti & Caffo (2000)',
  compute: agrestiCaffo,
} as const satisfies Method;

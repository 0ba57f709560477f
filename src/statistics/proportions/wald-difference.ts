import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, rateDifference, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { ratio } from '../numerics/ratio.js';
import type { Estimate, OrRefusal } from '../result.js';
import { LEVEL, type Method } from '../method.js';

/**
 * Difference of two rates with the plain Wald interval, cut at -1 and 1. Only for comparison with other tools: it
 * covers too little at small rates (89.7 % instead of 95 % at 0.2 % against 0.05 %, n = 2000) and can contradict the
 * test; `scoreDifference` decides. Refuses `invalid_input` and `empty_arm`.
 */
export function waldDifference(control: Count, treatment: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level) ?? impossibleCounts([control, treatment]);
  if (impossible) return impossible;
  const value = rateDifference(control, treatment);
  const se = Math.sqrt(rateVariance(control) + rateVariance(treatment));
  const half = normal.isf((1 - level) / 2) * se;
  const interval = { lower: Math.max(-1, value - half), upper: Math.min(1, value + half), level };
  return { value, se, interval };
}

/** p(1 - p)/n, rounded once. */
export function rateVariance({ successes, n }: Count): number {
  return ratio(successes * (n - successes), n * n * n);
}

export const waldDifferenceMethod = {
  id: 'proportion.wald_difference',
  title: 'Difference of two rates with Wald interval (for comparison with other tools)',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Agresti & Caffo (2000)',
  compute: waldDifference,
} as const satisfies Method;

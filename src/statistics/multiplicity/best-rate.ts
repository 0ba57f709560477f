import { withinRange } from '../confidence.js';
import type { Count } from '../count.js';
import { LEVEL, type Method } from '../method.js';
import { fewEvents } from '../proportions/smoothed-rate.js';
import { isRefusal, type OrRefusal } from '../result.js';
import { unfitRates, ratePairs } from './pairs.js';
import { withBest, type WithBestResult } from './with-best.js';

/**
 * Hsu's comparisons of every arm's rate with the best of the others, by z with the smoothed variances of
 * `smoothedRateVariance`: which arms can be excluded as the best, and by how much each may fall short; intervals within
 * [-1, 1]. Warns `few_events`. Refuses what `withBest` refuses, impossible counts (`invalid_input`), `empty_arm` and
 * `no_variation` (nobody in any arm did it, or everybody). Hsu (1996); Agresti & Caffo (2000).
 */
export function bestRate(arms: readonly Count[], level: number): OrRefusal<WithBestResult> {
  const unfit = unfitRates(arms);
  if (unfit) return unfit;
  const { pairOf, variances } = ratePairs(arms);
  const answer = withBest(variances, pairOf, level, fewEvents(arms));
  if (isRefusal(answer)) return answer;
  return {
    ...answer,
    arms: answer.arms.map((arm) => ({ ...arm, interval: withinRange(arm.interval, -1, 1) })),
  };
}

export const bestRateMethod = {
  id: 'multiplicity.best_rate',
  title: 'Comparisons of rates with the best',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Hsu (1996); Edwards & Hsu (1983); Agresti & Caffo (2000)',
  compute: bestRate,
} as const satisfies Method;

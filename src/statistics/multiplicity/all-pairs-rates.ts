import type { Count } from '../count.js';
import { LEVEL, type Method } from '../method.js';
import { fewEvents } from '../proportions/smoothed-rate.js';
import { isRefusal, type OrRefusal } from '../result.js';
import { withinUnit } from './against-control.js';
import { allPairs, type PairComparison } from './all-pairs.js';
import { unfitRates, ratePairs } from './pairs.js';

/**
 * Comparisons of the rates of all pairs of arms: z statistics with the smoothed variances of `smoothedRateVariance`,
 * judged by the range of as many normal values as there are arms; intervals within [-1, 1]. Warns `few_events`. Refuses
 * `invalid_input` (fewer than two arms, impossible counts or level), `empty_arm` and `no_variation` (nobody in any arm
 * did it, or everybody). Tukey (1953); Agresti, Bini, Bertaccini & Ryu (2008), Biometrics 64.
 */
export function allPairsRates(
  arms: readonly Count[],
  level: number,
): OrRefusal<{ readonly pairs: readonly PairComparison[] }> {
  const unfit = unfitRates(arms);
  if (unfit) return unfit;
  const { pairOf } = ratePairs(arms);
  const answer = allPairs('multiplicity.all_pairs_rates', arms.length, pairOf, level, fewEvents(arms));
  if (isRefusal(answer)) return answer;
  return { pairs: answer.pairs.map(withinUnit) };
}

export const allPairsRatesMethod = {
  id: 'multiplicity.all_pairs_rates',
  title: 'Comparisons of all pairs of rates',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Tukey (1953); Agresti, Bini, Bertaccini & Ryu (2008)',
  compute: allPairsRates,
} as const satisfies Method;

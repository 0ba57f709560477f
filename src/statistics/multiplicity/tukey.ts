import { meanDifference, unfitForMeans } from '../means/welch.js';
import { LEVEL, type Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import type { OutcomeSums } from '../sums.js';
import { allPairs, type PairComparison } from './all-pairs.js';
import { pooledVariance, spreadOf } from './arm-moments.js';

/**
 * Tukey's comparisons of the means of all pairs of arms, with the variance pooled over all arms and Kramer's form for
 * arms of different size; exact for normal outcomes that spread alike and equal sizes, else a bound. Arms of different
 * spread are what `gamesHowell` is for. Refuses `invalid_input` (fewer than two arms, impossible sums or level),
 * `empty_arm`, `too_few` (one recipient) and `no_variation`. Tukey (1953); Kramer (1956); Hayter (1984).
 */
export function tukey(
  arms: readonly OutcomeSums[],
  level: number,
): OrRefusal<{ readonly pairs: readonly PairComparison[] }> {
  const unfit = unfitForMeans(arms);
  if (unfit) return unfit;
  const { df, pooled } = pooledVariance(arms.map(spreadOf));
  const pairOf = (i: number, j: number) => {
    const [control, treatment] = [arms[i], arms[j]];
    if (!control || !treatment) return { difference: NaN, variance: NaN, df };
    const variance = pooled / Number(control.n) + pooled / Number(treatment.n);
    return { difference: meanDifference(control, treatment), variance, df };
  };
  return allPairs('multiplicity.tukey', arms.length, pairOf, level, []);
}

export const tukeyMethod = {
  id: 'multiplicity.tukey',
  title: "Tukey's comparisons of all pairs of means",
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Tukey (1953); Kramer (1956)',
  compute: tukey,
} as const satisfies Method;

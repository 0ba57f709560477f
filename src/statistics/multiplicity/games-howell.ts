import { unfitForMeans } from '../means/welch.js';
import { LEVEL, type Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import type { OutcomeSums } from '../sums.js';
import { allPairs, type PairComparison } from './all-pairs.js';
import { welchPairs } from './pairs.js';

/**
 * Games & Howell's comparisons of the means of all pairs of arms: Welch's statistic and degrees of freedom for each
 * pair, judged by the studentized range. For arms that need not spread alike, which is the rule for money; a little
 * liberal below about 15 recipients per arm. Refusals as for `tukey`. Games & Howell (1976), J. Educational Statistics
 * 1.
 */
export function gamesHowell(
  arms: readonly OutcomeSums[],
  level: number,
): OrRefusal<{ readonly pairs: readonly PairComparison[] }> {
  const unfit = unfitForMeans(arms);
  if (unfit) return unfit;
  const { pairOf } = welchPairs(arms);
  return allPairs('multiplicity.games_howell', arms.length, pairOf, level, []);
}

export const gamesHowellMethod = {
  id: 'multiplicity.games_howell',
  title: 'Comparisons of all pairs of means, unequal variances',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Games & Howell (1976)',
  compute: gamesHowell,
} as const satisfies Method;

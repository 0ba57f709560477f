import { meanDifference, unfitForMeans, welchDf } from '../means/welch.js';
import { LEVEL, type Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { meanVariance, type OutcomeSums } from '../sums.js';
import { allPairs, type PairComparison } from './all-pairs.js';

/**
 * Games & Howell's comparisons of the means of all pairs of arms: Welch's statistic and degrees of freedom for each
 * pair, judged by the studentized range. For arms that need not spread alike, which is the rule for money; a little
 * liberal below about 15 recipients per arm. Refusals as for `tukey`. Games & Howell (1976), J. Educational Statistics 1.
 */
export function gamesHowell(
  arms: readonly OutcomeSums[],
  level: number,
): OrRefusal<{ readonly pairs: readonly PairComparison[] }> {
  const unfit = unfitForMeans(arms);
  if (unfit) return unfit;
  const variances = arms.map(meanVariance);
  const pairOf = (i: number, j: number) => {
    const [control, treatment, vc = 0, vt = 0] = [arms[i], arms[j], variances[i], variances[j]];
    if (!control || !treatment || vc + vt === 0) return { difference: 0, variance: 0, df: Infinity };
    const df = welchDf(vc, control.n, vt, treatment.n);
    return { difference: meanDifference(control, treatment), variance: vc + vt, df };
  };
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

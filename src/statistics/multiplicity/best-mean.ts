import { meanDifference, unfitForMeans, welchDf } from '../means/welch.js';
import { LEVEL, type Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { meanVariance, type OutcomeSums } from '../sums.js';
import { withBest, type WithBestResult } from './with-best.js';

/**
 * Hsu's comparisons of every arm's mean with the best of the others, with the arms' own variances: which arms can be
 * excluded as the best, and by how much each may fall short. Refuses what `withBest` refuses, impossible sums
 * (`invalid_input`), `empty_arm` and `too_few` (one recipient). Hsu (1996); Hasler & Hothorn (2008).
 */
export function bestMean(arms: readonly OutcomeSums[], level: number): OrRefusal<WithBestResult> {
  const unfit = unfitForMeans(arms);
  if (unfit) return unfit;
  const variances = arms.map(meanVariance);
  const pairOf = (i: number, j: number) => {
    const [base, other, vb = 0, vo = 0] = [arms[i], arms[j], variances[i], variances[j]];
    if (!base || !other || vb + vo === 0) return { difference: 0, variance: 0, df: Infinity };
    const df = welchDf(vb, base.n, vo, other.n);
    return { difference: meanDifference(base, other), variance: vb + vo, df };
  };
  return withBest(variances, pairOf, level, []);
}

export const bestMeanMethod = {
  id: 'multiplicity.best_mean',
  title: 'Comparisons of means with the best',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Hsu (1996); Edwards & Hsu (1983)',
  compute: bestMean,
} as const satisfies Method;

import { unfitForMeans } from '../means/welch.js';
import { LEVEL, type Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import type { OutcomeSums } from '../sums.js';
import { welchPairs } from './pairs.js';
import { withBest, type WithBestResult } from './with-best.js';

/**
 * Hsu's comparisons of every arm's mean with the best of the others, with the arms' own variances: which arms can be
 * excluded as the best, and by how much each may fall short. Refuses what `withBest` refuses, impossible sums
 * (`invalid_input`), `empty_arm` and `too_few` (one recipient). Hsu (1996); Hasler & Hothorn (2008).
 */
export function bestMean(arms: readonly OutcomeSums[], level: number): OrRefusal<WithBestResult> {
  const unfit = unfitForMeans(arms);
  if (unfit) return unfit;
  const { pairOf, variances } = welchPairs(arms);
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

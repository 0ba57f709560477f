import { fTest } from '../f-test.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal, type TestResult } from '../result.js';
import { meanVariance, tooLarge, type OutcomeSums } from '../sums.js';
import { centredMeans } from './centred-means.js';
import { unfitForMeans } from './welch.js';

/**
 * Welch's test that all arms have the same mean, without assuming equal variances; two or more arms (for two it is
 * Welch's t test squared). `df` holds both degrees of freedom. Refuses `invalid_input`, `empty_arm`, `too_few`, and
 * `no_variation` when all outcomes of an arm are equal, since its weight would be infinite. Welch (1951).
 */
export function welchAnova(arms: readonly OutcomeSums[]): OrRefusal<TestResult> {
  if (arms.length < 2) return refuse('invalid_input', 'A comparison needs at least two arms.');
  const impossible = unfitForMeans(arms);
  if (impossible) return impossible;
  const variances = arms.map(meanVariance);
  if (variances.includes(0)) return refuse('no_variation', 'All outcomes of an arm are equal.');
  const weights = variances.map((v) => 1 / v);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const { means } = centredMeans(arms);
  const shares = weights.map((w) => w / total);
  const grand = means.reduce((sum, m, i) => sum + m * (shares[i] ?? 0), 0);
  const between = means.reduce((sum, m, i) => sum + (weights[i] ?? 0) * (m - grand) ** 2, 0);
  const spread = arms.reduce((sum, arm, i) => sum + (1 - (shares[i] ?? 0)) ** 2 / Number(arm.n - 1n), 0);
  const k = arms.length;
  const statistic = between / (k - 1) / (1 + (2 * (k - 2) * spread) / (k * k - 1));
  if (!Number.isFinite(statistic)) {
    return tooLarge;
  }
  return fTest('mean.welch_anova', statistic, k - 1, (k * k - 1) / (3 * spread));
}

export const welchAnovaMethod = {
  id: 'mean.welch_anova',
  title: "Welch's analysis of variance of several means",
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [],
  reference: 'Welch (1951)',
  compute: welchAnova,
} as const satisfies Method;

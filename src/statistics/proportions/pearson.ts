import { chiSquaredTest } from '../chi-squared-test.js';
import { impossibleCounts, type Count } from '../count.js';
import type { Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type OrRefusal, type TestResult, type Warning } from '../result.js';

/**
 * Pearson's chi-squared test that all arms have the same rate, without continuity correction; two or more arms.
 * For two arms it is the square of the pooled z test. Every term of the statistic is exact before it is rounded.
 * Warns `small_expected` below an expected count of 5. Refuses `invalid_input`, `empty_arm`, and `no_variation` when
 * nobody or everybody did it. Agresti, Categorical Data Analysis, 3rd ed., 3.2.
 */
export function pearson(arms: readonly Count[]): OrRefusal<TestResult> {
  if (arms.length < 2) return refuse('invalid_input', 'A comparison needs at least two arms.');
  const impossible = impossibleCounts(arms);
  if (impossible) return impossible;
  const n = arms.reduce((total, arm) => total + arm.n, 0n);
  const successes = arms.reduce((total, arm) => total + arm.successes, 0n);
  if (successes === 0n) return refuse('no_variation', 'Nobody in any arm did it.');
  if (successes === n) return refuse('no_variation', 'Everybody in every arm did it.');
  const statistic = arms.reduce((sum, arm) => {
    const excess = n * arm.successes - arm.n * successes;
    return sum + ratio(excess * excess, arm.n * successes * (n - successes));
  }, 0);
  return chiSquaredTest('proportion.pearson', statistic, arms.length - 1, smallExpected(arms));
}

/** Warns `small_expected` if equal rates would give an arm less than five who did it, or less than five who did not. */
export function smallExpected(arms: readonly Count[]): Warning[] {
  const n = arms.reduce((total, arm) => total + arm.n, 0n);
  const successes = arms.reduce((total, arm) => total + arm.successes, 0n);
  const rarer = successes * 2n < n ? successes : n - successes;
  if (arms.every((arm) => arm.n * rarer >= 5n * n)) return [];
  const message = 'An expected count is below 5: the p-value is approximate.';
  return [{ code: 'small_expected', message }];
}

export const pearsonMethod = {
  id: 'proportion.pearson',
  title: "Pearson's chi-squared test of equal rates",
  needs: ['n', 'nonZero'],
  parameters: [],
  reference: 'Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.2',
  compute: pearson,
} as const satisfies Method;

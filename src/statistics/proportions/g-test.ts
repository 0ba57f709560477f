import { chiSquaredTest } from '../chi-squared-test.js';
import type { Count } from '../count.js';
import type { Method } from '../method.js';
import { isRefusal, type OrRefusal, type TestResult } from '../result.js';
import { pearson } from './pearson.js';
import { tableDeviance } from './table-deviance.js';

/**
 * Likelihood ratio test (G test) that all arms have the same rate: G = 2 Σ O log(O / E), chi-squared with arms - 1
 * degrees of freedom; two or more arms. Close to `pearson` in large arms, further off in small ones; the intervals
 * shown in reports belong to `pearson`. Refuses and warns as `pearson`. Agresti, 3rd ed., 3.2.
 */
export function gTest(arms: readonly Count[]): OrRefusal<TestResult> {
  const plain = pearson(arms);
  if (isRefusal(plain)) return plain;
  return chiSquaredTest('proportion.g_test', 2 * tableDeviance(arms), arms.length - 1, plain.warnings);
}

export const gTestMethod = {
  id: 'proportion.g_test',
  title: 'Likelihood ratio (G) test of equal rates',
  needs: ['n', 'nonZero'],
  parameters: [],
  reference: 'Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.2',
  compute: gTest,
} as const satisfies Method;

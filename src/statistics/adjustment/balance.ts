import { chiSquaredTest } from '../chi-squared-test.js';
import { impossibleAlpha } from '../confidence.js';
import { addCrossSums, centredProduct, type CrossSums } from '../cross-sums.js';
import type { Method } from '../method.js';
import { dot, exactInverse, times } from '../numerics/exact-inverse.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type OrRefusal, type TestResult } from '../result.js';
import { unfitForAdjustment } from './within-fit.js';

export interface Balance {
  readonly test: TestResult;
  /** False where p < alpha: the arms differ in what was known before assignment, so the assignment is not random. */
  readonly balanced: boolean;
}

/**
 * Joint test that the covariates have the same means in all arms, as randomization makes them: N - 1 times Pillai's
 * trace, Σ n_k (x̄_k - x̄)ᵀ S⁻¹ (x̄_k - x̄) with S the covariance over all recipients, on chi-squared with
 * (covariates)(arms - 1) degrees of freedom. Over all ways of assigning, the statistic has exactly this mean. For one
 * covariate of 0 and 1 it is Pearson's X² times (N - 1)/N. Outcome 0 of the cross sums is not looked at; the others
 * are the covariates. Covariates that follow from those before them do not count. Refuses `invalid_input`,
 * `empty_arm`, `too_few` and `no_variation`. Hansen & Bowers (2008).
 */
export function covariateBalance(arms: readonly CrossSums[], alpha = 0.001): OrRefusal<Balance> {
  const impossible = impossibleAlpha(alpha) ?? unfitForAdjustment(arms);
  if (impossible) return impossible;
  const all = arms.reduce(addCrossSums);
  const covariates = all.sums.slice(1).map((_, j) => j + 1);
  const inverse = exactInverse(covariates.map((i) => covariates.map((j) => centredProduct(all, i, j))));
  if (!inverse || inverse.kept.length === 0) return refuse('no_variation', 'No covariate varies.');
  const statistic = arms.reduce((sum, arm) => {
    const excess = covariates.map((j) => (arm.sums[j] ?? 0n) * all.n - (all.sums[j] ?? 0n) * arm.n);
    const square = dot(excess, times(inverse.adjugate, excess));
    return sum + ratio((all.n - 1n) * square, inverse.determinant * arm.n * all.n);
  }, 0);
  const df = inverse.kept.length * (arms.length - 1);
  const test = chiSquaredTest('adjustment.balance', statistic, df);
  return { test, balanced: test.p >= alpha };
}

export const covariateBalanceMethod = {
  id: 'adjustment.balance',
  title: 'Balance of the covariates over the arms',
  needs: ['cross_sums'],
  parameters: [
    { name: 'alpha', meaning: 'significance level in (0, 1) below which the arms count as unlike, 0.001' },
  ],
  reference: 'Hansen & Bowers (2008); Pillai (1955)',
  compute: covariateBalance,
} as const satisfies Method;

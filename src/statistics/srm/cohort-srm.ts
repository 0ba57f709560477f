import { chiSquaredTest } from '../chi-squared-test.js';
import type { Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal, type TestResult } from '../result.js';
import { adjustJudged, type HolmAdjusted } from './adjust-judged.js';
import { srm, unfitSplit, type SampleRatioResult } from './srm.js';

export interface CohortSplit extends SampleRatioResult, HolmAdjusted {
  /** Share of the total statistic, 0 if that is 0. */
  readonly contribution: number;
}

export interface CohortSrmResult {
  /** In input order; a cohort that cannot be judged is refused, and counts in Holm's adjustment all the same. */
  readonly cohorts: readonly OrRefusal<CohortSplit>[];
  /** All cohorts thrown together: finds what goes the same way everywhere. */
  readonly pooled: SampleRatioResult;
  /** Statistics and degrees of freedom of the cohorts added up: finds what goes different ways, too. */
  readonly total: TestResult;
  /** Positions of the judged cohorts, from the largest contribution down. */
  readonly ranking: readonly number[];
}

/**
 * Where does a sample ratio mismatch come from? `srm` in every cohort (or day, mailbox provider, batch), with Holm's
 * adjustment, next to the test of all recipients together and the sum of the cohorts' statistics. Cohorts must not
 * share recipients. Refuses what `srm` refuses for all recipients together, and `invalid_input` without a cohort or for
 * counts of another length than the weights. Warns `small_expected` for the total where a cohort's p is exact.
 * Fabijan et al. (KDD 2019); Holm (1979).
 */
export function cohortSrm(
  cohorts: readonly (readonly bigint[])[],
  weights: readonly number[],
): OrRefusal<CohortSrmResult> {
  if (cohorts.length === 0) return refuse('invalid_input', 'There must be at least one cohort.');
  if (cohorts.some((counts) => counts.length !== weights.length || counts.some((count) => count < 0n)))
    return refuse('invalid_input', 'Every cohort needs a count of zero or more for each arm.');
  const sums = weights.map((_, arm) => cohorts.reduce((sum, counts) => sum + (counts[arm] ?? 0n), 0n));
  const unfit = unfitSplit(sums, weights);
  if (unfit) return unfit;
  const pooled = srm(sums, weights);
  if (isRefusal(pooled)) return pooled;
  const tests = adjustJudged(cohorts.map((counts) => srm(counts, weights)));
  const judged = tests.flatMap((test, cohort) => (isRefusal(test) ? [] : [{ test, cohort }]));
  const total = totalOf(judged.map(({ test }) => test));
  if (isRefusal(total)) return total;
  return {
    cohorts: tests.map((test) =>
      isRefusal(test) ? test : { ...test, contribution: share(test.statistic, total.statistic) },
    ),
    pooled,
    total,
    ranking: judged
      .toSorted((a, b) => descending(a.test.statistic, b.test.statistic))
      .map(({ cohort }) => cohort),
  };
}

function totalOf(tests: readonly SampleRatioResult[]): OrRefusal<TestResult> {
  if (tests.length === 0) return refuse('too_few', 'No cohort is large enough to judge its split.');
  const statistic = tests.reduce((sum, test) => sum + test.statistic, 0);
  const df = tests.reduce((sum, test) => sum + (test.df[0] ?? NaN), 0);
  const exact = tests.some(({ method }) => method === 'srm.exact');
  const message = 'An expected count is below 5: the p-value of the total is approximate.';
  return chiSquaredTest('srm.cohorts', statistic, df, exact ? [{ code: 'small_expected', message }] : []);
}

/** A statistic may be infinite where a weight is all but zero. */
function share(part: number, whole: number): number {
  if (part === Infinity) return 1;
  return whole === 0 ? 0 : part / whole;
}

function descending(a: number, b: number): number {
  return a === b ? 0 : b - a;
}

export const cohortSrmMethod = {
  id: 'srm.cohorts',
  title: 'Sample ratio mismatch per cohort',
  needs: ['n', 'planned_weights'],
  parameters: [],
  reference: 'Fabijan et al. (2019); Holm (1979)',
  compute: cohortSrm,
} as const satisfies Method;

import { agreeWithTest } from '../statistics/confidence.js';
import type { Count } from '../statistics/count.js';
import { fiellerBeside } from '../statistics/means/fieller.js';
import { meanInterval } from '../statistics/means/mean-interval.js';
import { rateTest } from '../statistics/proportions/rate-test.js';
import { pearson } from '../statistics/proportions/pearson.js';
import {
  isRefusal,
  type Estimate,
  type OrRefusal,
  type TestResult,
  type Warning,
} from '../statistics/result.js';
import { scoreDifference } from '../statistics/proportions/score-difference.js';
import { scoreRatio } from '../statistics/proportions/score-ratio.js';
import { skewGuard } from '../statistics/means/skew-guard.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { waldDifference } from '../statistics/proportions/wald-difference.js';
import { welch } from '../statistics/means/welch.js';
import { welchAnova } from '../statistics/means/welch-anova.js';
import { wilson } from '../statistics/proportions/wilson.js';

export type MetricType = 'proportion' | 'mean' | 'money';

/** Two groups compared, still in the outcome's own integer units. */
export interface RawComparison {
  readonly difference: OrRefusal<Estimate>;
  readonly uplift: OrRefusal<Estimate>;
  readonly test: OrRefusal<TestResult>;
  readonly warnings: readonly Warning[];
  readonly wald?: OrRefusal<Estimate>;
}

/** Which methods serve which type of metric is decided here and nowhere else. */
export function compare(
  type: MetricType,
  control: OutcomeSums,
  treatment: OutcomeSums,
  level: number,
): RawComparison {
  return type === 'proportion'
    ? compareProportions(countOf(control), countOf(treatment), level)
    : compareMeans(control, treatment, level);
}

/**
 * Pearson's test with the score intervals that are its exact inversion. Where few are expected the test is stricter, and
 * an interval that would leave out what it does not reject reaches to it.
 */
function compareProportions(control: Count, treatment: Count, level: number): RawComparison {
  const test = rateTest(control, treatment);
  const rejects = !isRefusal(test) && test.p < 1 - level;
  const agreeing = (estimate: OrRefusal<Estimate>): OrRefusal<Estimate> =>
    isRefusal(estimate) ? estimate : { ...estimate, interval: agreeWithTest(estimate.interval, rejects) };
  return {
    difference: agreeing(scoreDifference(control, treatment, level, 'none')),
    uplift: agreeing(scoreRatio(control, treatment, level, 'none')),
    test,
    warnings: isRefusal(test) ? [] : test.warnings,
    wald: waldDifference(control, treatment, level),
  };
}

/** Welch's t test with its own interval, and Fieller's with the same quantile for the ratio. */
function compareMeans(control: OutcomeSums, treatment: OutcomeSums, level: number): RawComparison {
  const result = welch(control, treatment, level);
  if (isRefusal(result)) return { difference: result, uplift: result, test: result, warnings: [] };
  const uplift = fiellerBeside(result, control, treatment);
  const skew = skewGuard(control, treatment);
  const warnings = skew ? [...result.test.warnings, skew] : result.test.warnings;
  return { difference: result.difference, uplift, test: result.test, warnings };
}

/** The rate or mean of one group with its interval. */
export function levelOf(type: MetricType, sums: OutcomeSums, level: number): OrRefusal<Estimate> {
  return type === 'proportion' ? wilson(countOf(sums), level) : meanInterval(sums, level);
}

/** Are all of them alike? */
export function compareAll(type: MetricType, arms: readonly OutcomeSums[]): OrRefusal<TestResult> {
  return type === 'proportion' ? pearson(arms.map(countOf)) : welchAnova(arms);
}

export function countOf(sums: OutcomeSums): Count {
  return { successes: sums.sum, n: sums.n };
}

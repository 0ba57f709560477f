import { agreeWithTest } from '../statistics/confidence.js';
import type { Count } from '../statistics/count.js';
import { contrast, jointContrasts } from '../statistics/factorial/contrast.js';
import { nonInferiorDifference, nonInferiorUplift } from '../statistics/proportions/non-inferiority.js';
import { pearson } from '../statistics/proportions/pearson.js';
import { rateTest } from '../statistics/proportions/rate-test.js';
import { scoreDifference } from '../statistics/proportions/score-difference.js';
import { scoreRatio } from '../statistics/proportions/score-ratio.js';
import { waldDifference } from '../statistics/proportions/wald-difference.js';
import { wilson } from '../statistics/proportions/wilson.js';
import { isRefusal, type Estimate, type OrRefusal } from '../statistics/result.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { sumsAt, type ArmAnalysis, type RawComparison } from './arm-analysis.js';
import type { MetricSums } from './report-input.js';

/** Shares of recipients: of everybody who was assigned. */
export function rateAnalysis(arms: readonly MetricSums[], level: number): ArmAnalysis {
  const at = (place: number): Count => countOf(sumsAt(arms, place));
  return {
    level: (arm) => wilson(at(arm), level),
    pair: (control, treatment, other = level) => compareRates(at(control), at(treatment), other),
    alike: () => pearson(arms.map(countOf)),
    contrast: (coefficients, other = level) => contrast('proportion', arms, coefficients, other, 'smoothed'),
    joint: (rows) => jointContrasts('proportion', arms, rows, 'smoothed'),
    margin: (control, treatment, { kind, size, better }) =>
      kind === 'absolute'
        ? nonInferiorDifference(at(control), at(treatment), size, better)
        : nonInferiorUplift(at(control), at(treatment), size, better),
  };
}

/**
 * Pearson's test with the score intervals that are its exact inversion. Where few are expected the test is stricter, and
 * an interval that would leave out what it does not reject reaches to it.
 */
function compareRates(control: Count, treatment: Count, level: number): RawComparison {
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

export function countOf(sums: OutcomeSums): Count {
  return { successes: sums.sum, n: sums.n };
}

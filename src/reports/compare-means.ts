import { contrast, jointContrasts } from '../statistics/factorial/contrast.js';
import { fiellerBeside } from '../statistics/means/fieller.js';
import { meanInterval } from '../statistics/means/mean-interval.js';
import { nonInferiority } from '../statistics/means/non-inferiority.js';
import { skewGuard } from '../statistics/means/skew-guard.js';
import { welch } from '../statistics/means/welch.js';
import { welchAnova } from '../statistics/means/welch-anova.js';
import { isRefusal } from '../statistics/result.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { refusedComparison, sumsAt, type ArmAnalysis, type RawComparison } from './arm-analysis.js';
import type { MetricSums } from './report-input.js';

/** Means per recipient: counts, money, times. */
export function meanAnalysis(arms: readonly MetricSums[], level: number): ArmAnalysis {
  const at = (place: number): OutcomeSums => sumsAt(arms, place);
  return {
    level: (arm) => meanInterval(at(arm), level),
    pair: (control, treatment, other = level) => compareMeans(at(control), at(treatment), other),
    alike: () => welchAnova(arms),
    contrast: (coefficients, other = level) => contrast('mean', arms, coefficients, other),
    joint: (rows) => jointContrasts('mean', arms, rows),
    margin: (control, treatment, margin, alpha) => {
      const result = nonInferiority(at(control), at(treatment), margin, alpha);
      return isRefusal(result) ? result : result.test;
    },
  };
}

/** Welch's t test with its own interval, and Fieller's with the same quantile for the ratio. */
function compareMeans(control: OutcomeSums, treatment: OutcomeSums, level: number): RawComparison {
  const result = welch(control, treatment, level);
  if (isRefusal(result)) return refusedComparison(result);
  const uplift = fiellerBeside(result, control, treatment);
  const skew = skewGuard(control, treatment);
  const warnings = skew ? [...result.test.warnings, skew] : result.test.warnings;
  return { difference: result.difference, uplift, test: result.test, warnings };
}

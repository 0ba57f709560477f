import { isRate } from './metric-unit.js';
import { adjustedAnalysis } from './compare-adjusted.js';
import { meanAnalysis } from './compare-means.js';
import { rateAnalysis } from './compare-rates.js';
import { ratioAnalysis } from './compare-ratios.js';
import type { ArmAnalysis, MethodBasis } from './arm-analysis.js';
import type { MetricSums } from './report-input.js';

/** Which methods serve which metric is decided here and nowhere else. Arms are then known by their place in the list. */
export function analyseArms(metric: MethodBasis, arms: readonly MetricSums[], level: number): ArmAnalysis {
  const plain = plainAnalysis(metric, arms, level);
  return metric.covariate === undefined ? plain : adjustedAnalysis(metric, plain, arms, level);
}

function plainAnalysis(metric: MethodBasis, arms: readonly MetricSums[], level: number): ArmAnalysis {
  if (metric.denominator !== undefined) return ratioAnalysis(metric, arms, level);
  return isRate(metric) ? rateAnalysis(arms, level) : meanAnalysis(arms, level);
}

import { impossibleLevel } from '../confidence.js';
import type { CrossSums } from '../cross-sums.js';
import { weightedMean } from '../factorial/cell-moments.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, refuse, type EstimateWithSe, type OrRefusal } from '../result.js';
import type { TestedEstimate } from '../tested-estimate.js';
import { adjustedEstimate } from './adjusted-estimate.js';
import { adjustedMeans, SLOPES, type AdjustedMeans } from './adjusted-means.js';
import type { SlopeChoice } from './choose-slopes.js';
import { sharedVariance } from './shared-variance.js';

export interface AdjustedContrast extends TestedEstimate {
  /** The same contrast of the plain means, to be shown beside. */
  readonly unadjusted: EstimateWithSe;
  /** Adjusted over unadjusted variance: the share of recipients that would do as well without the covariates. */
  readonly varianceRatio: number;
}

/**
 * A weighted sum of adjusted means, Σ c m, for instance -1 and 1 for treatment minus control or a row of a factorial
 * design, with z test and interval: variance Σ c² s²_res / n + (Σcθ) S_x (Σcθ) / N. Arms with coefficient 0 still lend
 * their covariates. The interval excludes 0 exactly when p < 1 - level. Refuses `invalid_input` and `no_variation`.
 */
export function adjustedContrast(
  adjusted: AdjustedMeans,
  coefficients: readonly number[],
  level: number,
): OrRefusal<AdjustedContrast> {
  const impossible = impossibleLevel(level);
  if (impossible) return impossible;
  const arms = adjusted.means.length;
  if (
    coefficients.length !== arms ||
    !coefficients.every(Number.isFinite) ||
    coefficients.every((c) => c === 0)
  ) {
    return refuse(
      'invalid_input',
      'The coefficients must be one finite number per arm, not all of them zero.',
    );
  }
  const result = estimateOf(adjusted, coefficients, level, true);
  if (isRefusal(result)) return result;
  const plain = estimateOf(adjusted, coefficients, level, false);
  if (isRefusal(plain)) return plain;
  const varianceRatio = (result.estimate.se / plain.estimate.se) ** 2;
  return { ...result, unadjusted: plain.estimate, varianceRatio };
}

function estimateOf(
  { parts, unadjustedVariances, warnings }: AdjustedMeans,
  coefficients: readonly number[],
  level: number,
  withCovariates: boolean,
): OrRefusal<TestedEstimate> {
  const variances = withCovariates ? parts.residualVariances : unadjustedVariances;
  const means = withCovariates ? parts.adjusted : parts.unadjusted;
  const value = weightedMean({ centre: parts.centre, means, variances, df: [] }, coefficients);
  const own = variances.reduce((sum, v, k) => sum + (coefficients[k] ?? 0) ** 2 * v, 0);
  const shared = withCovariates ? sharedVariance(coefficients, parts.slopes, parts.covariateSpread) : 0;
  const se = Math.sqrt(own + shared);
  return adjustedEstimate({ value, se, df: Infinity }, level, 'adjustment.contrast', warnings);
}

export const adjustedContrastMethod = {
  id: 'adjustment.contrast',
  title: 'Contrast of adjusted means',
  needs: ['cross_sums'],
  parameters: [
    { name: 'coefficients', meaning: 'one finite number per arm, not all zero; -1 and 1 for a difference' },
    LEVEL,
    SLOPES,
  ],
  reference: 'Lin (2013); Ye, Shao, Yi & Zhao (2023)',
  compute: (
    arms: readonly CrossSums[],
    coefficients: readonly number[],
    level: number,
    slopes: SlopeChoice,
  ) => {
    const adjusted = adjustedMeans(arms, slopes);
    return isRefusal(adjusted) ? adjusted : adjustedContrast(adjusted, coefficients, level);
  },
} as const satisfies Method;

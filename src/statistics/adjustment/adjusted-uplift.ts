import type { CrossSums } from '../cross-sums.js';
import { normal } from '../distributions/normal.js';
import { fiellerLimits } from '../fieller-limits.js';
import { LEVEL, type Method } from '../method.js';
import {
  isRefusal,
  refuse,
  type Estimate,
  type EstimateWithSe,
  type OrRefusal,
  type TestResult,
} from '../result.js';
import { adjustedContrast } from './adjusted-contrast.js';
import { adjustedMeans, SLOPES, type AdjustedMeans } from './adjusted-means.js';
import type { SlopeChoice } from './choose-slopes.js';

export interface AdjustedUplift {
  /**
   * Adjusted mean of treatment / adjusted mean of control - 1, delta-method standard error and Fieller's interval.
   */
  readonly uplift: EstimateWithSe;
  /** The same of the plain means, or why it has none. */
  readonly unadjusted: OrRefusal<EstimateWithSe>;
  /** Of the difference of the adjusted means. */
  readonly test: TestResult;
}

/**
 * Uplift of one arm over another after adjustment. The means are correlated through the covariates' mean; standard
 * error and Fieller's interval take that in, and the interval excludes 0 exactly when the test of the difference
 * rejects. Arms by their place in the list. Refuses what `adjustedContrast` refuses, and `baseline_zero` where the
 * control's adjusted mean may be zero. Fieller (1954).
 */
export function adjustedUplift(
  adjusted: AdjustedMeans,
  control: number,
  treatment: number,
  level: number,
): OrRefusal<AdjustedUplift> {
  const arms = adjusted.means.map((_, k) => k);
  if (control === treatment || !arms.includes(control) || !arms.includes(treatment)) {
    return refuse(
      'invalid_input',
      'Control and treatment must be the places of two different arms in the list.',
    );
  }
  const coefficients = arms.map((k) => (k === treatment ? 1 : k === control ? -1 : 0));
  const contrast = adjustedContrast(adjusted, coefficients, level);
  if (isRefusal(contrast)) return contrast;
  const rejects = contrast.test.p < 1 - level;
  const { covariance, unadjustedVariances } = adjusted;
  const at = (k: number, l: number) => covariance[k]?.[l] ?? 0;
  const pair = (values: readonly number[]) => [values[control] ?? 0, values[treatment] ?? 0] as const;
  const uplift = upliftOf(
    pair(adjusted.means),
    [at(control, control), at(treatment, treatment), at(control, treatment)],
    contrast.estimate,
    rejects,
  );
  if (isRefusal(uplift)) return uplift;
  const { lower, upper } = contrast.unadjusted.interval;
  const unadjusted = upliftOf(
    pair(adjusted.unadjusted),
    [...pair(unadjustedVariances), 0],
    contrast.unadjusted,
    lower > 0 || upper < 0,
  );
  return { uplift, unadjusted, test: contrast.test };
}

function upliftOf(
  [control, treatment]: readonly [number, number],
  [controlVariance, treatmentVariance, covariance]: readonly [number, number, number],
  difference: Estimate,
  rejects: boolean,
): OrRefusal<EstimateWithSe> {
  if (control === 0) return refuse('baseline_zero', 'The control is zero, so no uplift over it exists.');
  const quantile = normal.isf((1 - difference.interval.level) / 2);
  const interval = fiellerLimits({
    control,
    treatment,
    controlVariance,
    treatmentVariance,
    covariance,
    difference,
    quantile,
    rejects,
  });
  if (isRefusal(interval)) return interval;
  const quotient = treatment / control;
  const square = treatmentVariance - 2 * quotient * covariance + quotient * quotient * controlVariance;
  const se = Math.sqrt(Math.max(0, square)) / Math.abs(control);
  return { value: difference.value / control, se, interval };
}

export const adjustedUpliftMethod = {
  id: 'adjustment.uplift',
  title: 'Uplift of adjusted means',
  needs: ['cross_sums'],
  parameters: [
    { name: 'control', meaning: 'place of the control in the list of arms, from 0' },
    { name: 'treatment', meaning: 'place of the treatment in the list of arms, from 0' },
    LEVEL,
    SLOPES,
  ],
  reference: 'Fieller (1954); Ye, Shao, Yi & Zhao (2023)',
  compute: (
    arms: readonly CrossSums[],
    control: number,
    treatment: number,
    level: number,
    slopes: SlopeChoice,
  ) => {
    const adjusted = adjustedMeans(arms, slopes);
    return isRefusal(adjusted) ? adjusted : adjustedUplift(adjusted, control, treatment, level);
  },
} as const satisfies Method;

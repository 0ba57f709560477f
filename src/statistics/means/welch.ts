import { impossibleLevel } from '../confidence.js';
import { LEVEL, type Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type EstimateWithSe, type OrRefusal, type Refusal, type TestResult } from '../result.js';
import { impossibleSums, meanVariance, tooLarge, unknownSpread, type OutcomeSums } from '../sums.js';
import { testedEstimate } from '../tested-estimate.js';

export interface MeanComparison {
  /** Mean of treatment minus mean of control, in the outcome's own units. */
  readonly difference: EstimateWithSe;
  readonly test: TestResult;
}

export interface WelchResult extends MeanComparison {
  /** Half width of the interval in standard errors: the t quantile. */
  readonly critical: number;
}

/**
 * Welch's t test of two means with Satterthwaite's degrees of freedom and the interval that belongs to it, which
 * excludes 0 exactly when p < 1 - level. Difference and variances are taken from the sums exactly and rounded once.
 * Refuses `invalid_input`, `empty_arm`, `too_few` (an arm with fewer than two recipients) and `no_variation` (all
 * outcomes equal within both arms). Welch (1947).
 */
export function welch(control: OutcomeSums, treatment: OutcomeSums, level: number): OrRefusal<WelchResult> {
  const impossible = impossibleLevel(level) ?? unfitForMeans([control, treatment]);
  if (impossible) return impossible;
  const vc = meanVariance(control);
  const vt = meanVariance(treatment);
  if (vc + vt === 0) return refuse('no_variation', 'All outcomes are equal within both arms.');
  const value = meanDifference(control, treatment);
  const se = Math.sqrt(vc + vt);
  if (!Number.isFinite(value) || !Number.isFinite(se)) {
    return tooLarge;
  }
  const df = welchDf(vc, control.n, vt, treatment.n);
  const { estimate, test, critical } = testedEstimate({ value, se, df }, level, 'mean.welch');
  return { difference: estimate, test, critical };
}

/** A refusal if an arm's sums are impossible or hold fewer than two recipients. */
export function unfitForMeans(arms: readonly OutcomeSums[]): Refusal | undefined {
  for (const arm of arms) {
    const unfit = impossibleSums(arm) ?? unknownSpread(arm);
    if (unfit) return unfit;
  }
  return undefined;
}

/** Mean of treatment minus mean of control, rounded once. */
export function meanDifference(control: OutcomeSums, treatment: OutcomeSums): number {
  return ratio(treatment.sum * control.n - control.sum * treatment.n, treatment.n * control.n);
}

/** Satterthwaite (1946), written in shares of the variance so that nothing under- or overflows. */
export function welchDf(vc: number, nc: bigint, vt: number, nt: bigint): number {
  const share = vc / (vc + vt);
  return 1 / (share ** 2 / Number(nc - 1n) + (1 - share) ** 2 / Number(nt - 1n));
}

export const welchMethod = {
  id: 'mean.welch',
  title: "Welch's t test of two means",
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Welch (1947)',
  compute: welch,
} as const satisfies Method;

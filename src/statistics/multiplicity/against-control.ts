import { agreeWithTest, impossibleLevel, withinRange } from '../confidence.js';
import { logTwoSidedT } from '../distributions/student-t.js';
import {
  refuse,
  type EstimateWithSe,
  type OrRefusal,
  type Refusal,
  type TestResult,
  type Warning,
} from '../result.js';
import { tooLarge } from '../sums.js';
import { largest } from './largest.js';

/** One treatment against the control, before any correction. */
export interface AgainstControl {
  /** Treatment minus control. */
  readonly difference: number;
  /** Squared standard error of the control's mean, and of the treatment's. */
  readonly controlVariance: number;
  readonly treatmentVariance: number;
  /** Infinity for a z test. */
  readonly df: number;
}

/** A comparison that holds together with all others of its family. */
export interface SimultaneousComparison {
  /** Treatment minus control; all intervals of the family hold together at `level`. */
  readonly difference: EstimateWithSe;
  /** p is adjusted for the family. */
  readonly test: TestResult;
  /** The same test without the others. */
  readonly unadjusted: { readonly p: number; readonly logP: number };
  /** The half width of the interval in standard errors. */
  readonly critical: number;
}

export interface SimultaneousComparisons {
  /** In the order of the treatments. */
  readonly comparisons: readonly SimultaneousComparison[];
  /** Of the differences, row by row. */
  readonly correlations: readonly (readonly number[])[];
}

/**
 * Dunnett's adjusted p-values and simultaneous intervals for differences that share a control: correlations λiλj with
 * λ² the control's share of the squared standard error. Each interval excludes 0 exactly when its adjusted p lies below
 * 1 - level. Refuses `invalid_input` (no treatment, a level outside (0, 1), numbers that are not finite) and
 * `no_variation` (a standard error of 0). Dunnett (1955); Hasler & Hothorn (2008) for df that differ.
 */
export function againstControl(
  method: string,
  treatments: readonly AgainstControl[],
  level: number,
  warnings: readonly Warning[],
): OrRefusal<SimultaneousComparisons> {
  const unfit = impossibleLevel(level) ?? unfitComparisons(treatments);
  if (unfit) return unfit;
  const loadings = treatments.map(controlShare).map(Math.sqrt);
  const family = largest(loadings, 'both');
  const criticals = new Map<number, number>();
  for (const { df } of treatments) {
    if (!criticals.has(df)) criticals.set(df, family.isf(1 - level, df));
  }
  const comparisons = treatments.map((treatment) => {
    const { difference, controlVariance, treatmentVariance, df } = treatment;
    const se = Math.sqrt(controlVariance + treatmentVariance);
    const statistic = difference / se;
    const logP = family.logSf(Math.abs(statistic), df);
    const test = { method, statistic, df: df === Infinity ? [] : [df], p: Math.exp(logP), logP, warnings };
    return simultaneous(difference, se, test, criticals.get(df) ?? NaN, level);
  });
  const correlations = loadings.map((a, i) => loadings.map((b, j) => (i === j ? 1 : a * b)));
  return { comparisons, correlations };
}

/** A difference with its adjusted test, the interval that agrees with it, and the test on its own. */
export function simultaneous(
  value: number,
  se: number,
  test: TestResult,
  critical: number,
  level: number,
): SimultaneousComparison {
  const { statistic, df } = test;
  const logP = logTwoSidedT(statistic, df[0] ?? Infinity);
  const sides = { lower: value - critical * se, upper: value + critical * se, level };
  const interval = agreeWithTest(sides, test.p < 1 - level);
  return { difference: { value, se, interval }, test, unadjusted: { p: Math.exp(logP), logP }, critical };
}

function unfitComparisons(treatments: readonly AgainstControl[]): Refusal | undefined {
  if (treatments.length === 0)
    return refuse('invalid_input', 'A comparison needs a control and a treatment.');
  for (const { difference, controlVariance, treatmentVariance } of treatments) {
    const variance = controlVariance + treatmentVariance;
    if (!Number.isFinite(difference) || !Number.isFinite(variance)) {
      return tooLarge;
    }
    if (!(variance > 0))
      return refuse('no_variation', 'All outcomes are equal within a treatment and the control.');
  }
  return undefined;
}

/** Control's share of the squared standard error. */
function controlShare({ controlVariance, treatmentVariance }: AgainstControl): number {
  return controlVariance / (controlVariance + treatmentVariance);
}

/** The same with the interval cut to [-1, 1], beyond which no difference of rates lies. */
export function withinUnit<T extends SimultaneousComparison>(comparison: T): T {
  const interval = withinRange(comparison.difference.interval, -1, 1);
  return { ...comparison, difference: { ...comparison.difference, interval } };
}

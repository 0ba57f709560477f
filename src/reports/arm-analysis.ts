import type { TestedEstimate } from '../statistics/tested-estimate.js';
import {
  refuse,
  type Estimate,
  type OrRefusal,
  type TestResult,
  type Warning,
} from '../statistics/result.js';
import type { MetricSums, ReportMetricInput } from './report-input.js';

/** What of a metric decides which methods serve it. */
export type MethodBasis = Pick<ReportMetricInput, 'type' | 'denominator' | 'covariate' | 'diagnostic'>;

/** Two arms compared, still in the outcome's own integer units. */
export interface RawComparison {
  readonly difference: OrRefusal<Estimate>;
  readonly uplift: OrRefusal<Estimate>;
  readonly test: OrRefusal<TestResult>;
  readonly warnings: readonly Warning[];
  readonly wald?: OrRefusal<Estimate>;
  /** Of an adjusted comparison: the same without the covariate, and the share of variance that it took off. */
  readonly unadjusted?: Pick<RawComparison, 'difference' | 'uplift' | 'test'>;
  readonly varianceReduction?: number;
}

/** How much worse an arm may be: a share of the control's level, or an amount in the outcome's integer units. */
export interface RawMargin {
  readonly kind: 'relative' | 'absolute';
  readonly size: number;
  readonly better: 'higher' | 'lower';
}

/** One metric of several arms, by the methods that serve it. Arms are named by their place. */
export interface ArmAnalysis {
  /** The rate, mean or ratio of one arm. */
  level(arm: number): OrRefusal<Estimate>;
  /** Of an adjusted metric: the same as it was observed. */
  observed?(arm: number): OrRefusal<Estimate>;
  /** `at`: another confidence level than that of the analysis. */
  pair(control: number, treatment: number, at?: number): RawComparison;
  /** Are all arms alike? */
  alike(): OrRefusal<TestResult>;
  /** A weighted sum of the arms' levels, as the effects of a factorial design are. */
  contrast(coefficients: readonly number[], at?: number): OrRefusal<TestedEstimate>;
  /** Several contrasts at once. */
  joint(rows: readonly (readonly number[])[]): OrRefusal<TestResult>;
  /** One-sided test that treatment is not worse than control by the margin; absent: that of the contrast. */
  margin?(control: number, treatment: number, margin: RawMargin, alpha: number): OrRefusal<TestResult>;
  /** What happened to the covariate, where there is one. */
  readonly slopes?: 'per_arm' | 'pooled' | 'none';
}

/** A comparison that cannot be made at all. */
export function refusedComparison(refusal: ReturnType<typeof refuse>): RawComparison {
  return { difference: refusal, uplift: refusal, test: refusal, warnings: [] };
}

export const nobodyThere = refuse('missing_cell', 'A combination that is compared has no recipients.');

/** The contrasts that are all zero exactly when all arms are alike. */
export function everyAgainstFirst(arms: number): number[][] {
  return Array.from({ length: arms - 1 }, (_, row) =>
    Array.from({ length: arms }, (__, arm) => (arm === 0 ? -1 : arm === row + 1 ? 1 : 0)),
  );
}

/** The sums of an arm that the caller knows to be there. */
export function sumsAt(arms: readonly MetricSums[], place: number): MetricSums {
  const sums = arms[place];
  if (!sums) throw new TypeError(`There is no arm ${place}.`);
  return sums;
}

import type { Direction, Margin, MetricRole, MetricType } from '../experiments/experiment.js';
import type { Refusal, Warning } from '../statistics/result.js';
import type { MetricUnit } from './metric-unit.js';
import type { AdjustedP, ReportEstimate, ReportTest } from './report-figures.js';

export interface MetricReport {
  readonly key: string;
  readonly title: string;
  readonly type: MetricType;
  readonly role: MetricRole;
  readonly direction: Direction;
  readonly definition: string;
  readonly currency?: string;
  /** How the level is written: a share as a percentage, a time in minutes. */
  readonly unit: MetricUnit;
  /** What outcomes are divided by, in words; absent: the recipients. */
  readonly denominator?: string;
  /** Compares different people in the arms: shown, and decides nothing. */
  readonly diagnostic?: boolean;
  /** Why this metric must not decide. */
  readonly undecidable?: string;
  readonly adjustment?: Adjustment;
  /** How much worse it may get. */
  readonly margin?: ReportMargin;
  /** Most that one recipient may count, as text. */
  readonly cap?: string;
  readonly arms: readonly ArmResult[];
  /** Every arm against the control, in the order of the arms. */
  readonly comparisons: readonly Comparison[];
  /** Are all arms alike? Only with more than two arms. */
  readonly omnibus?: ReportTest | Refusal;
}

/** What levels and differences are adjusted for. */
export interface Adjustment {
  /** What was known before the assignment, in words. */
  readonly covariate: string;
  /** `per_arm`: a slope in every arm; `pooled`: one for all; `none`: not adjusted, a warning says why. */
  readonly slopes: 'per_arm' | 'pooled' | 'none';
  readonly text: string;
}

export interface ReportMargin extends Margin {
  /** For example `5% of the control’s level`. */
  readonly text: string;
}

/** A guardrail against its margin. */
export interface MarginJudgement {
  /**
   * `no_worse`: harm beyond the margin is excluded; `not_excluded`: it is not; `worse`: nor is it, and the arm is worse;
   * `refused`: nothing can be said.
   */
  readonly conclusion: 'no_worse' | 'not_excluded' | 'worse' | 'refused';
  /** One-sided test that it is no worse than the margin. */
  readonly test: ReportTest | Refusal;
  /** The worst still possible at the one-sided level: a difference, or an uplift for a relative margin. */
  readonly worst?: number;
  /** The conclusion with its figures, as the end of a sentence. */
  readonly text: string;
}

export interface ArmResult {
  readonly arm: string;
  readonly n: number;
  /** Recipients whose outcome is not zero. */
  readonly nonZero: number;
  /** Exact sum of the outcomes, as a decimal. */
  readonly total: string;
  /** Rate, mean per recipient, or ratio; adjusted where the metric is. */
  readonly value: ReportEstimate | Refusal;
  /** What the total is divided by, where that is not the number of recipients. */
  readonly denominator?: ArmDenominator;
  /** `value` as it was observed, where that one is adjusted. */
  readonly unadjusted?: ReportEstimate | Refusal;
  readonly capped?: ArmCapped;
  /** The mean alone, where its interval is refused (all outcomes equal, or one recipient). */
  readonly mean?: KnownMean;
}

export interface ArmDenominator {
  /** Exact sum of the denominators, as a decimal. */
  readonly total: string;
  /** For example `of 1,234 delivered`. */
  readonly text: string;
}

/** Outcomes that were cut at the metric's cap. */
export interface ArmCapped {
  readonly recipients: number;
  /** What was cut off in all, as a decimal. */
  readonly excess: string;
  /** For example `12 recipients capped at €250.00, €1,234.00 cut`. */
  readonly text: string;
}

/** A mean that is known although nothing can be said about its uncertainty. */
export interface KnownMean {
  readonly value: number;
  readonly text: string;
}

export interface Comparison {
  readonly arm: string;
  readonly against: string;
  readonly difference: ReportEstimate | Refusal;
  /** Relative difference: 0.1 is ten percent more than the control. */
  readonly uplift: ReportEstimate | Refusal;
  readonly test: ReportTest | Refusal;
  /** Holm over the arms; absent when only two arms are compared or the test was refused. */
  readonly adjusted?: AdjustedP;
  readonly warnings: readonly Warning[];
  /** Of an adjusted metric: the same as it was observed. */
  readonly unadjusted?: UnadjustedComparison;
  /** Share of the variance of the difference that the adjustment took off. */
  readonly varianceReduction?: { readonly value: number; readonly text: string };
  /** Of a guardrail with a margin. */
  readonly margin?: MarginJudgement;
  /** What other tools print, for checking against them; never used for the verdict. */
  readonly otherTools?: { readonly wald: ReportEstimate | Refusal };
}

export interface UnadjustedComparison {
  readonly difference: ReportEstimate | Refusal;
  readonly uplift: ReportEstimate | Refusal;
  readonly test: ReportTest | Refusal;
}

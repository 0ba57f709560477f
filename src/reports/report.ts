import type { Direction, Margin, MetricRole, MetricType } from '../experiments/experiment.js';
import type { Refusal, Warning } from '../statistics/result.js';
import type { Delivery } from './delivery.js';
import type { Funnel } from './funnel.js';
import type { MetricUnit } from './metric-unit.js';
import type { ReportFactor, ReportSource } from './report-input.js';

/**
 * A report: plain JSON, the same for the page, the API, the file, the table and the e-mail. Counts are numbers,
 * exact totals decimal strings, a side of an interval that lies at infinity is null, and what could not be
 * computed is a refusal with a reason. The `text` beside a number is how every face writes it, so that a frozen
 * report reads the same for ever. Documented in docs/report-schema.md; a change of shape is a new schema id.
 */
export const reportSchema = 'postulate.report/1';

export interface Report {
  readonly schema: typeof reportSchema;
  /** Names this frozen copy; the same on every face. */
  readonly snapshot?: string;
  readonly title: string;
  readonly hypothesis?: string;
  readonly source: ReportSource;
  /** The time the report speaks of (ISO 8601). */
  readonly asOf: string;
  /** Why no verdict may be given yet. */
  readonly interim?: string;
  /** Confidence level of every interval; a test rejects below 1 - level. */
  readonly level: number;
  /** Key of the arm that all others are compared with. */
  readonly control: string;
  readonly factors: readonly ReportFactor[];
  readonly arms: readonly ReportArm[];
  readonly verdict: Verdict;
  readonly health: readonly Finding[];
  /** The deciding metric first, the others as declared. */
  readonly metrics: readonly MetricReport[];
  readonly factorial?: FactorialReport;
  readonly cohorts: readonly CohortReport[];
  /** How far the messages of every arm got, where that is known. */
  readonly funnel?: Funnel;
  /** What was really delivered, where the service decided it. */
  readonly delivery?: Delivery;
  readonly charts: ReportCharts;
  readonly definitions: readonly Definition[];
}

export interface ReportArm {
  readonly key: string;
  readonly title: string;
  /** One level key per factor. */
  readonly levels: readonly string[];
  readonly control: boolean;
  /** Recipients. */
  readonly n: number;
  /** Planned weight, where the split was declared. */
  readonly weight?: number;
}

/** A number with its interval. Proportions are fractions (0.18), money is in currency units. */
export interface ReportEstimate {
  readonly value: number;
  /** Null: unbounded on this side. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly se?: number;
  /** As written on every face, for example `+7.66 pp`. */
  readonly text: string;
  /** For example `+6.99 to +8.32 pp`. */
  readonly intervalText: string;
}

export interface ReportTest {
  /** Id of the method in the registry of statistical methods. */
  readonly method: string;
  readonly statistic: number;
  readonly df: readonly number[];
  readonly p: number;
  /** Natural logarithm of p; stays useful where p underflows to 0. */
  readonly logP: number;
  /** For example `p < 0.0001`. */
  readonly text: string;
}

/** A p-value corrected for the number of comparisons in its family. */
export interface AdjustedP {
  readonly method: 'holm';
  /** Comparisons in the family. */
  readonly family: number;
  readonly p: number;
  readonly text: string;
}

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

export type Severity = 'ok' | 'notice' | 'warning' | 'critical';

/** What one health check found. */
export interface Finding {
  readonly check: string;
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
  /** The figures behind it. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** True when no verdict may stand on these data. */
  readonly blocksVerdict?: boolean;
}

export type VerdictKind =
  | 'untrustworthy' // the split itself is broken
  | 'interim' // not everything is in
  | 'refused' // no test can be made, or none that can be relied on
  | 'held_back' // better, but a guardrail got worse or may have, untested
  | 'better'
  | 'several_better'
  | 'worse'
  | 'no_difference_shown';

export interface Verdict {
  readonly kind: VerdictKind;
  /** The whole verdict in one or two plain sentences. */
  readonly sentence: string;
  /** What else the reader must know: the best arm or none, other arms, guardrails. */
  readonly notes: readonly string[];
  /** The metric that decides. */
  readonly metric?: string;
  /** The arms (or factor levels, as `factor=level`) that the kind speaks of. */
  readonly arms: readonly string[];
}

/** One trait: everything broken down by its values. Always exploratory. */
export interface CohortReport {
  readonly trait: string;
  /** Values with fewer recipients than this in any arm are not shown. */
  readonly minimum: number;
  readonly hidden: { readonly values: number; readonly recipients: number };
  /** Values left out because only the largest are shown. */
  readonly omitted: { readonly values: number; readonly recipients: number };
  readonly effects: readonly CohortEffect[];
}

/** One trait x metric x arm. */
export interface CohortEffect {
  readonly metric: string;
  readonly arm: string;
  readonly against: string;
  readonly values: readonly CohortValue[];
  /** Do the effects differ between the values? */
  readonly interaction: ReportTest | Refusal;
  /** Holm over all interaction tests of the report. */
  readonly adjusted?: AdjustedP;
  /** Values large enough that neither this test nor `shrunk` could use: too few with this metric, or no variation. */
  readonly leftOut?: number;
}

export interface CohortValue {
  readonly value: string;
  readonly n: { readonly control: number; readonly arm: number };
  /** Rate or mean in the two arms. */
  readonly control: ReportEstimate | Refusal;
  readonly treated: ReportEstimate | Refusal;
  readonly difference: ReportEstimate | Refusal;
  readonly test: ReportTest | Refusal;
  /** Drawn towards the common effect as far as the values' differences look like chance. */
  readonly shrunk?: ReportEstimate;
}

export interface FactorialReport {
  /** The control is no combination of the factors: effects are among the other arms, without it. */
  readonly controlOutside: boolean;
  readonly metrics: readonly FactorialMetric[];
}

export interface FactorialMetric {
  readonly metric: string;
  /** `simple` when an interaction is clear (p < 0.1): a main effect then averages over unlike things. */
  readonly lead: 'main' | 'simple';
  /** Which effects to read first, and why. */
  readonly leadText: string;
  readonly cells: readonly FactorialCell[];
  readonly main: readonly FactorialEffect[];
  readonly interactions: readonly FactorialEffect[];
  readonly simple: readonly FactorialEffect[];
  /** One test per factor or pair of factors with more than one contrast. */
  readonly joint: readonly JointTest[];
  /** Do three or more factors act on each other together? Only with that many factors. */
  readonly higherOrder?: ReportTest | Refusal;
}

export interface FactorialCell {
  readonly arm: string;
  readonly levels: readonly string[];
  readonly n: number;
  readonly value: ReportEstimate | Refusal;
}

export interface FactorialEffect {
  readonly factors: readonly string[];
  /** The level of each of `factors`, against its baseline. */
  readonly levels: readonly string[];
  readonly baselines: readonly string[];
  /** For a simple effect: the levels at which the other factors are held. */
  readonly at?: Readonly<Record<string, string>>;
  /** For example `subject: catalyst rather than invest`. */
  readonly label: string;
  readonly difference: ReportEstimate | Refusal;
  readonly test: ReportTest | Refusal;
  readonly warnings?: readonly Warning[];
  /** Holm over the main effects of the metric; on main effects only. */
  readonly adjusted?: AdjustedP;
  /** Of a guardrail with a margin; on main and simple effects. */
  readonly margin?: MarginJudgement;
  /** Recipients in the two sides of a main effect. */
  readonly n?: { readonly baseline: number; readonly level: number };
}

export interface JointTest {
  readonly kind: 'main' | 'interaction';
  readonly factors: readonly string[];
  readonly test: ReportTest | Refusal;
}

/** How the numbers of a chart are to be written. */
export type ChartUnit = 'percent' | 'points' | 'money' | 'number' | 'minutes';

export interface ChartRow {
  readonly label: string;
  /** Null with the text of the refusal in `text`. */
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly text: string;
  readonly n?: number;
}

export interface IntervalChart {
  readonly id: string;
  readonly title: string;
  readonly metric: string;
  readonly unit: ChartUnit;
  readonly currency?: string;
  readonly rows: readonly ChartRow[];
}

/** Charts as data; drawn as inline SVG or by a chart library, never computed anew. */
export interface ReportCharts {
  /** One per metric: uplift (or difference, where a ratio is refused) of every arm. */
  readonly effects: readonly IntervalChart[];
  /** One per trait x metric x arm. */
  readonly cohorts: readonly (IntervalChart & { readonly trait: string; readonly arm: string })[];
}

export interface Definition {
  readonly term: string;
  readonly text: string;
}

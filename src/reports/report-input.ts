import type { Direction, Margin, MetricRole, MetricType } from '../experiments/experiment.js';
import type { CrossSums } from '../statistics/cross-sums.js';
import type { OutcomeSums } from '../statistics/sums.js';
import type { MetricUnit } from './metric-unit.js';

/**
 * Everything a report is made of. A live experiment and a campaign file both come down to this, so that one
 * builder and one set of tests serve both.
 */
export interface ReportInput {
  readonly title: string;
  readonly hypothesis?: string;
  /** Confidence level of the intervals, 0.95 unless told. */
  readonly level?: number;
  readonly source: ReportSource;
  /** The time the report speaks of (ISO 8601). */
  readonly asOf: string;
  /** Undefined when everything is in; otherwise why no verdict may be given yet, as a sentence. */
  readonly interim?: string;
  readonly factors: readonly ReportFactor[];
  /** In design order; `levels` has one level key per factor. */
  readonly arms: readonly ReportArmInput[];
  /** Key of the control arm. */
  readonly control: string;
  readonly metrics: readonly ReportMetricInput[];
  /** Traits whose values the cells are broken down by. */
  readonly cohorts: readonly string[];
  readonly cells: readonly CellSums[];
  /** Recipients per arm wanted by the plan, where there is one. */
  readonly plannedPerArm?: number;
  /** Of a file: which columns made rows unreadable, and how many. */
  readonly skippedBy?: readonly { readonly column: string; readonly rows: number }[];
  /** Planned and real end of enrolment (ISO 8601), where the real one came first. */
  readonly stoppedEarly?: { readonly planned: string; readonly stopped: string };
  /** What was really delivered, where the service decided it. */
  readonly delivered?: readonly DeliveredCount[];
  /** What recipients who got the fallback have come to, by metric and arm. */
  readonly fallenBack?: readonly FallenBack[];
  /** Messages that were rendered otherwise than meant. */
  readonly rendered?: readonly RenderedCount[];
  /** To whom nothing was to be sent, by the choice of their strategy; arms without any are left out. */
  readonly withheld?: readonly WithheldCount[];
  /** What models learned from, where arms decide by them or their scores are looked at. */
  readonly models?: readonly ArmModel[];
  /** When the experiment started (ISO 8601). */
  readonly started?: string;
  /** When it was stopped (ISO 8601). */
  readonly ended?: string;
  /** Recipients who got to each station of sending, after the assignment, in order. */
  readonly stations?: readonly StationCount[];
}

/** A model that an arm decides by, or whose score is looked at, or that stands behind such a one. */
export interface ArmModel {
  /** Arm key; undefined: cohorts of all arms are made by its score. */
  readonly arm?: string;
  /** `name/3` */
  readonly model: string;
  /** The first event that it learned from (ISO 8601). */
  readonly from?: string;
  /** It learned from nothing at it or later (ISO 8601). */
  readonly until?: string;
  /** Recipients of this experiment of whom it learned what they did after they were enrolled. */
  readonly fromHere: number;
  /** Whoever wrote the strategy knows of it and says so. */
  readonly declared: boolean;
  /** Undefined: the arm decides by the model itself. */
  readonly score?: ScoreRead;
  /** The arm uses it by way of others: the first of them is what it decides by, or whose score is looked at. */
  readonly path?: readonly ReadScore[];
}

/** A model that reads a score, as the next model of a path may have said it. */
export interface ReadScore {
  /** `name/3` */
  readonly model: string;
  readonly trait: string;
}

/** A score that is looked at as a trait. */
export interface ScoreRead {
  readonly trait: string;
  /** What looks at it: `strategy tiers@2`, `template hello@1`, `cohort segment:keen`. */
  readonly by: string;
  /** Recipients of whom the model said what was read. */
  readonly recipients: number;
  /** Recipients of whom it may have: their score was said anew since. */
  readonly unsure: number;
}

/** How many recipients of every arm got to a station (`sent`, `delivered`, …), in the order of the arms. */
export interface StationCount {
  readonly station: string;
  readonly recipients: readonly bigint[];
}

export type ReportSource =
  | { readonly kind: 'experiment'; readonly key: string }
  | { readonly kind: 'file'; readonly name: string; readonly rows: number; readonly skippedRows: number };

export interface ReportFactor {
  readonly key: string;
  readonly title: string;
  readonly levels: readonly { readonly key: string; readonly title: string }[];
}

export interface ReportArmInput {
  readonly key: string;
  readonly title: string;
  readonly levels: readonly string[];
  /** Planned weight; undefined when the split was not declared (then there is no SRM check). */
  readonly weight?: number;
  /** Rows of this arm that could not be read and are in no cell. */
  readonly skipped?: number;
}

export interface ReportMetricInput {
  readonly key: string;
  readonly title: string;
  readonly type: MetricType;
  readonly role: MetricRole;
  readonly direction: Direction;
  /** What is counted, over whom and in which window: one sentence for the reader. */
  readonly definition: string;
  /** Outcomes are integers in units of 10^-exponent: 2 for euros counted in cents, 0 for counts. */
  readonly exponent: number;
  /** How its level is written; undefined: as is usual for the type. */
  readonly unit?: MetricUnit;
  /** What the outcomes are divided by, as the end of “of 1,234 …”: `delivered`. Undefined: the recipients. */
  readonly denominator?: string;
  /** Denominators are integers in units of 10^-denominatorExponent. */
  readonly denominatorExponent?: number;
  /** What is known of recipients before the assignment and adjusted for, in words. */
  readonly covariate?: string;
  /** Compares different people in the arms, because its denominator came after the assignment. */
  readonly diagnostic?: boolean;
  /** Of a guardrail: how much worse it may get. */
  readonly margin?: Margin;
  /** Most that one recipient may count, in the outcome's integer unit. */
  readonly cap?: number;
  /** ISO 4217 code for money, where known. */
  readonly currency?: string;
  /** Why this metric must not decide, as a sentence: opens against an arm that was sent nothing. */
  readonly undecidable?: string;
}

/** Exact sums of one metric in one arm: of everybody, or of one cohort. */
export interface CellSums {
  readonly metric: string;
  readonly arm: string;
  readonly cohort?: { readonly trait: string; readonly value: string };
  readonly sums: OutcomeSums;
  /** The outcome, then the denominator and the covariate where the metric has them. */
  readonly cross?: CrossSums;
  readonly capped?: CappedSums;
}

/** Recipients whose outcome was cut at the cap, and how much was cut off in all, in the outcome's integer unit. */
export interface CappedSums {
  readonly recipients: bigint;
  readonly excess: bigint;
}

/** All sums of one metric in one place. */
export interface MetricSums extends OutcomeSums {
  readonly cross?: CrossSums;
  readonly capped?: CappedSums;
}

/** Recipients of an arm who got the fallback, and their exact sum of outcomes in one metric. */
export interface FallenBack {
  readonly metric: string;
  readonly arm: string;
  readonly n: bigint;
  readonly sum: bigint;
}

export interface DeliveredCount {
  readonly arm: string;
  /** What was delivered: `strategy` as assigned, or `fallback`. */
  readonly delivered: 'strategy' | 'fallback';
  readonly reason?: string;
  readonly recipients: number;
  /** Whether it is because a slot would have been blank. */
  readonly blank?: boolean;
}

export interface WithheldCount {
  readonly arm: string;
  readonly recipients: number;
}

export interface RenderedCount {
  readonly arm: string;
  /** What went out: rendered from the fallback, as if nothing were known of the recipient, or without the template. */
  readonly instead: 'fallback' | 'defaults' | 'plain';
  readonly reason: string;
  readonly messages: number;
  /** Whether it is because something would have been blank. */
  readonly blank: boolean;
}

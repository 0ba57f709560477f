import type { Refusal, Warning } from '../statistics/result.js';
import type { AdjustedP, ReportEstimate, ReportTest } from './report-figures.js';
import type { MarginJudgement } from './report-metric.js';

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

import type { Delivery } from './delivery.js';
import type { Funnel } from './funnel.js';
import type { ReportCharts } from './report-charts.js';
import type { CohortReport } from './report-cohorts.js';
import type { FactorialReport } from './report-factorial.js';
import type { ReportFactor, ReportSource } from './report-input.js';
import type { MetricReport } from './report-metric.js';

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

export interface Definition {
  readonly term: string;
  readonly text: string;
}

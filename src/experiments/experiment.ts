/**
 * What an experiment is. Plain data; everything else in this folder is a pure function over it.
 */

export const statuses = ['draft', 'running', 'paused', 'stopped'] as const;
export type Status = (typeof statuses)[number];

/** Fixed content by slot name: subject, headline, offer, … */
export type Slots = Readonly<Record<string, string>>;

export interface Level {
  readonly key: string;
  readonly title: string;
  /** Content hash of the pinned strategy version; only on levels of the factor `strategy`. */
  readonly strategy?: string;
  /** What is delivered when the strategy cannot decide. */
  readonly fallback?: Slots;
  /** Slots that this level sets by itself, for factors other than `strategy`. */
  readonly slots?: Slots;
}

export interface Factor {
  readonly key: string;
  readonly title: string;
  readonly levels: readonly Level[];
}

/** One combination of levels: a cell of the design. */
export interface Arm {
  /** Position in the design, row-major, first factor slowest. */
  readonly index: number;
  /** Level keys joined by `/`, in the order of the factors. */
  readonly key: string;
  readonly levels: readonly Level[];
}

export const eventTypes = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'converted',
  'unsubscribed',
  'complained',
  'bounced',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Who is behind an open or a click, as far as can be told. */
export const eventClasses = ['human', 'privacy_proxy', 'scanner', 'unknown'] as const;
export type EventClass = (typeof eventClasses)[number];

export const metricTypes = ['proportion', 'mean', 'money'] as const;
export type MetricType = (typeof metricTypes)[number];

export const metricRoles = ['primary', 'secondary', 'guardrail'] as const;
export type MetricRole = (typeof metricRoles)[number];
export const directions = ['increase', 'decrease'] as const;
export type Direction = (typeof directions)[number];

/**
 * A declared measure. Its outcome for one recipient is an integer: 0 or 1 (proportion), a count (mean), or
 * an amount in minor units (money), over the events inside the window that starts at the recipient's own send.
 */
export interface Metric {
  readonly key: string;
  readonly title: string;
  readonly type: MetricType;
  readonly event: EventType;
  /** Which opens and clicks count; other events carry no class. */
  readonly classes: readonly EventClass[];
  readonly role: MetricRole;
  /** Which way is better. */
  readonly direction?: Direction;
  /** Own window in milliseconds, where it differs from the experiment's. */
  readonly windowMs?: number;
}

/** A trait known before the send by whose values the report is broken down. */
export interface CohortDeclaration {
  readonly trait: string;
  /** The values to tell apart; any other becomes `other`. Without it every value stands for itself. */
  readonly values?: readonly string[];
}

export interface Plan {
  /** Planned end of enrolment (ISO 8601). */
  readonly end?: string;
  /** Expected value of the primary metric in the control arm: a rate, for a proportion. */
  readonly baseline?: number;
  /** Smallest relative change worth finding, for example 0.1. */
  readonly smallestUplift?: number;
  readonly alpha: number;
  readonly power: number;
}

/** How recipients are split. Weights belong to arms in the order of the design. */
export interface Allocation {
  readonly version: number;
  readonly weights: readonly number[];
  /** Share of all recipients that takes part, 0 to 1. */
  readonly traffic: number;
}

export interface Experiment {
  readonly key: string;
  readonly title: string;
  readonly hypothesis?: string;
  readonly salt: string;
  readonly factors: readonly Factor[];
  /** Key of the arm that all others are compared with. */
  readonly control: string;
  readonly allocation: Allocation;
  readonly metrics: readonly Metric[];
  readonly cohorts: readonly CohortDeclaration[];
  /** ISO 4217 code; every value in this experiment is in it. */
  readonly currency?: string;
  /** Attribution window from the recipient's own send, in milliseconds. */
  readonly windowMs?: number;
  readonly plan: Plan;
}

/** An experiment with what has become of it. Times are ISO 8601. */
export interface StoredExperiment extends Experiment {
  readonly status: Status;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly stoppedAt?: string;
}

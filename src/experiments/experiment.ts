/**
 * What an experiment is. Plain data; everything else in this folder is a pure function over it.
 */

export const statuses = ['draft', 'running', 'paused', 'stopped'] as const;
export type Status = (typeof statuses)[number];

/** Fixed content by slot name: subject, headline, offer, … */
export type Slots = Readonly<Record<string, string>>;

/** A content of the library: `name@version`; written without a version, the newest one at that moment is meant. */
export interface ContentReference {
  readonly content: string;
}

/** What a slot is set to by somebody who writes a strategy or a design: a text, or a content of the library. */
export type SlotValue = string | ContentReference;
export type SlotValues = Readonly<Record<string, SlotValue>>;

export interface Level {
  readonly key: string;
  readonly title: string;
  /** Content hash of the pinned strategy version; only on levels of the factor `strategy`. */
  readonly strategy?: string;
  /** Content hash of what the strategy had learned; only where its kind learns. */
  readonly learned?: string;
  /** Content hashes of the scorers that the strategy asks, by `name@version`; only where it asks any. */
  readonly scorers?: Readonly<Record<string, string>>;
  /** What is delivered when the strategy cannot decide. */
  readonly fallback?: SlotValues;
  /** Slots that this level sets by itself, for factors other than `strategy`. */
  readonly slots?: SlotValues;
  /** Content hash of the template that renders the message; only on levels of one factor. */
  readonly template?: string;
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

/** What happened to a message, or what a recipient did by themselves (`view`, `cart`, `purchase`, `click` in the shop). */
export const eventTypes = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'converted',
  'unsubscribed',
  'complained',
  'bounced',
  'view',
  'cart',
  'click',
  'purchase',
  'refund',
  'cancel',
  'void',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Who is behind an open or a click, as far as can be told. */
export const eventClasses = ['human', 'privacy_proxy', 'scanner', 'unknown'] as const;
export type EventClass = (typeof eventClasses)[number];

export const metricTypes = ['proportion', 'mean', 'money', 'ratio', 'retention', 'time_to_event'] as const;
export type MetricType = (typeof metricTypes)[number];

export const metricRoles = ['primary', 'secondary', 'guardrail'] as const;
export type MetricRole = (typeof metricRoles)[number];
export const directions = ['increase', 'decrease'] as const;
export type Direction = (typeof directions)[number];

/** Where a recipient's window begins: at each of their sends, at the first, or at the assignment. */
export const windowStarts = ['send', 'first_send', 'assignment'] as const;
export type WindowStart = (typeof windowStarts)[number];

/**
 * What is made of the events that count, for one recipient: 1 if there is any (`once`), the number of messages in which
 * there is any (`messages`), their number (`events`; an order counts once), their amount (`value`), 1 if there is a later
 * one after the first (`again`), or the whole minutes from the start of the window to the first, at most the window
 * (`minutes`).
 */
export const counts = ['once', 'messages', 'events', 'value', 'again', 'minutes'] as const;
export type Count = (typeof counts)[number];

export const filterOps = [
  'eq',
  'ne',
  'in',
  'gt',
  'gte',
  'lt',
  'lte',
  'exists',
  'new',
  'above_history',
  'has_history',
] as const;

/**
 * A condition on one property of an event. `new`: this value is in none of the recipient's events of the same type before
 * the assignment; `above_history`: the number is greater than in all of them. Neither counts for a recipient without such
 * events that have this property, about whom it says nothing. `has_history` is true of every event of a recipient who has
 * one: it makes the denominator of the other two.
 */
export interface PropertyFilter {
  /** `category`, `item`, `value` (in major units), `currency`, `order`, `url`, or a name in the event's `properties`. */
  readonly property: string;
  readonly op: (typeof filterOps)[number];
  /** A text or number; a list for `in`; nothing for `exists`, `new`, `above_history` and `has_history`. */
  readonly value?: string | number | boolean | readonly (string | number)[];
}

/** Which events count and what is made of them. */
export interface Measure {
  readonly event: EventType;
  /** Which opens and clicks count; other events carry no class. */
  readonly classes: readonly EventClass[];
  readonly where?: readonly PropertyFilter[];
  readonly count: Count;
}

/** How much worse a guardrail may get: a share of the control's level, or an amount in the metric's own unit. */
export interface Margin {
  readonly kind: 'relative' | 'absolute';
  /** Above 0: 0.05 is 5 % of the control's level, or 0.05 in the metric's unit (a rate, a count, major units of money). */
  readonly size: number;
}

/**
 * A declared measure. Its outcome for one recipient is an integer y (see `count`), beside it the integer d of the
 * denominator, where there is one, and the integer x of the covariate: the same measure before the assignment.
 */
export interface Metric extends Measure {
  readonly key: string;
  readonly title: string;
  readonly type: MetricType;
  readonly role: MetricRole;
  /** Which way is better. */
  readonly direction?: Direction;
  /**
   * What the outcome is divided by, summed over recipients. Undefined: everybody who was assigned. Under a proportion its
   * count is `once`, and a recipient whose d is 0 has y = 0: a share is of those who are in the denominator.
   */
  readonly denominator?: Measure;
  readonly from: WindowStart;
  /** Own window in milliseconds, where it differs from the experiment's. */
  readonly windowMs?: number;
  /** The window begins this long after its start and keeps its length, in milliseconds. */
  readonly delayMs?: number;
  /** `again`: how long after the first the later one must be, in milliseconds. */
  readonly gapMs?: number;
  /** Most that one recipient may count, in the outcome's integer unit (minor units of money). */
  readonly cap?: number;
  /** Guardrails: how much worse it may get. Without it any proven harm holds back. */
  readonly margin?: Margin;
  /** Length of the pre-period of the covariate, in milliseconds; undefined: no covariate. */
  readonly covariateMs?: number;
  /** How long after the window late events are waited for, in milliseconds. */
  readonly maturityMs?: number;
  /** Never decides: it compares different people (clicks among those who opened). */
  readonly diagnostic?: boolean;
}

/** A trait known before the send by whose values the report is broken down; or a segment, by who was in it at the enrolment. */
export interface CohortDeclaration {
  /** Names the cohort: the trait, or `segment:NAME` of a segment. */
  readonly trait: string;
  /** Pinned, `name@version`. */
  readonly segment?: string;
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

/** What recipients may be shown of the catalogue, whichever arm they are in. What is left out does not filter. */
export interface Eligibility {
  /** Nothing whose stock is 0. */
  readonly inStock?: true;
  /** Nothing without a price. */
  readonly priced?: true;
  /** A trait that must be true: everybody else may be shown nothing. */
  readonly consent?: string;
  /** Nothing that the recipient has bought within so many milliseconds, or ever. */
  readonly notBoughtMs?: number | 'ever';
  readonly excludedCategories?: readonly string[];
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
  /** ISO 4217 code; every outcome of this experiment is in it. */
  readonly currency?: string;
  /** Units of `currency` for one unit of another one, as decimal text, declared for the whole experiment: `{"USD": "0.92"}`. */
  readonly exchange?: Readonly<Record<string, string>>;
  /** Attribution window from the recipient's own send, in milliseconds. */
  readonly windowMs?: number;
  readonly plan: Plan;
  /** Content hash of the snapshot that strategies choose from; undefined in a draft: the newest one at the start. */
  readonly catalogue?: string;
  readonly eligibility?: Eligibility;
  /** Delivered, slot by slot, where neither a strategy nor the fallback of its level sets one. */
  readonly fallback?: SlotValues;
  /** Strategies see what was known at this moment (ISO 8601); undefined: at the moment of each decision. */
  readonly featureClock?: string;
}

/** An experiment with what has become of it. Times are ISO 8601. */
export interface StoredExperiment extends Experiment {
  readonly status: Status;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly stoppedAt?: string;
}

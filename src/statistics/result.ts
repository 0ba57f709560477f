/**
 * What every statistical method answers: a number with its uncertainty, or a refusal with a reason.
 * There is no third way: no p = 1 for "could not compute", no 0 for "unknown", no NaN.
 */

/** Why no honest answer exists. One list for the whole library; add a code rather than bend one. */
export const refusalCodes = [
  'invalid_input', // a count below zero, a level outside (0, 1), sums that no data can have
  'too_few', // not enough recipients or events for this method
  'no_variation', // nobody or everybody converted; all values equal
  'baseline_zero', // a ratio to a control that is, or may be, zero
  'empty_arm', // an arm without recipients
  'zero_weight', // recipients in an arm that was never to get any
  'missing_cell', // a combination of the design without recipients
  'separation', // a combination that nobody, or everybody, did makes a coefficient infinite
  'aliased', // a fraction of the design cannot tell this effect from a main effect
  'too_many', // more recipients than an exact method can enumerate
  'contradictory_looks', // no constant effect lies in the intervals of all looks
  'weak_instrument', // the assignment changes too little of what is delivered
  'not_positive', // a ratio on the log scale, or a cap, of something that is not above zero
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

export interface Refusal {
  readonly refused: true;
  readonly code: RefusalCode;
  /** One plain sentence for the reader of a report. */
  readonly reason: string;
}

/** What a reader should know before trusting a number. One list for the whole library. */
export const warningCodes = [
  'small_expected', // an expected count below 5
  'skewed_unequal', // skewness and unequal allocation together bias the t test
  'few_events',
  'unbounded_interval', // one side of an interval lies at infinity
  'lack_of_fit', // the cells differ from a model without their interactions by more than chance
  'left_out', // a part of the data says nothing about the question and was left out
  'changing_effect', // the effect is not the same in all sends
  'diagnostic_ratio', // the denominator was measured after assignment, so the arms compare different people
  'noisy_denominator', // the mean of the denominators is itself uncertain
  'common_slope', // too few recipients, or covariates too even, for a slope in every arm
  'clipped', // an estimate beyond its range was set to the nearest end
  'far_from_planned', // far fewer or more recipients than the method was tuned for
  'dominant_recipient', // one recipient holds more than 5 % of an arm's sum
  'strong_prior', // what was believed before outweighs the data
  'list_too_short', // even with everybody on the list only an implausibly large uplift would be found
] as const;

export type WarningCode = (typeof warningCodes)[number];

export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

/** A confidence interval; a side may be infinite, never NaN. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
  /** Confidence level in (0, 1), for example 0.95. */
  readonly level: number;
}

/** A number with its standard error: what one method hands to another. */
export interface ValueWithSe {
  readonly value: number;
  readonly se: number;
}

/** A point estimate with its interval. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
  /** Standard error, where the method has one. */
  readonly se?: number;
}

/** An estimate whose method has a standard error. */
export interface EstimateWithSe extends Estimate {
  readonly se: number;
}

/** A hypothesis test; `logP` stays useful where `p` underflows to 0. */
export interface TestResult {
  /** Id of the method in the registry. */
  readonly method: string;
  readonly statistic: number;
  /** Degrees of freedom; two for an F test. */
  readonly df: readonly number[];
  /** P-value in [0, 1]; two-sided, unless a one-sided alternative was asked for. */
  readonly p: number;
  /** Natural logarithm of the p-value. */
  readonly logP: number;
  readonly warnings: readonly Warning[];
}

export type OrRefusal<T> = T | Refusal;

export function refuse(code: RefusalCode, reason: string): Refusal {
  return { refused: true, code, reason };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}

import { normal } from '../../statistics/distributions/normal.js';
import { withSkewness } from '../../statistics/means/hall-transform.js';
import { type OrRefusal, type Refusal, refuse } from '../refusal.js';
import { carriedBy } from './carried.js';
import { partsOf, type PolicyEstimator, skewnessOfMean, standardError } from './influence.js';
import { type PolicyLog, type PolicyView, unfitForPolicy } from './policy-log.js';
import { summaryOf, weightsOf, type WeightSummary } from './weights.js';

export interface PolicyOptions {
  readonly estimator: PolicyEstimator;
  /** Fewer effective decisions than this say nothing: an estimate that rests on them is refused. */
  readonly leastEffective: number;
  /** Confidence level in (0, 1). */
  readonly level: number;
  /** Weights above it are cut to it, which biases the value towards what was cut; none unless given. */
  readonly clip?: number;
}

/**
 * An estimate whose interval is corrected for skewness (Hall, JRSS-B 54, 1992, for one sample): where few decisions brought
 * anything, as usual, a normal interval of a value lies too low two to five times as often as it should. A
 * difference takes the further limit of both on each side, and few decisions that carry one show nothing; see `isCarriedByFew`.
 */
export interface PolicyEstimate {
  readonly value: number;
  readonly se: number;
  readonly interval: readonly [number, number];
}

export interface PolicyValue extends PolicyEstimate {
  readonly weights: WeightSummary;
}

export interface PolicyComparison {
  readonly policy: PolicyValue;
  readonly against: PolicyValue;
  /** Policy minus the other, of the same decisions, so that what both do is no source of chance. */
  readonly difference: PolicyEstimate & {
    /** Difference over its standard error; 0 where both do the same everywhere. */
    readonly z: number;
    /** Decisions in which the two differ in what they say about the logged action. */
    readonly differing: number;
    /** Decisions that carry the difference; see `carriedBy`. */
    readonly carried: number;
  };
}

/** As many as make a mean of 0 and 1 normal enough, and one weight no more than a tenth of all. */
export const usualLeastEffective = 100;

/**
 * What a decision would have brought on average had a policy made it, from a log of decisions with known probabilities. Refuses
 * `invalid_input`, `too_few`, `no_support` (the policy would do what had no chance of being done, or never what was done) and
 * `few_effective`.
 */
export function policyValue(
  log: PolicyLog,
  view: PolicyView,
  options: PolicyOptions,
): OrRefusal<PolicyValue> {
  const unfit = unfitOptions(options, [view]) ?? unfitForPolicy(log, view);
  if (unfit) return unfit;
  const found = valued(log, view, options);
  return 'refused' in found ? found : found.value;
}

/** Two policies on one log. Refuses what `policyValue` refuses, of either. */
export function comparePolicies(
  log: PolicyLog,
  policy: PolicyView,
  against: PolicyView,
  options: PolicyOptions,
): OrRefusal<PolicyComparison> {
  const unfit = unfitOptions(options, [policy, against]) ?? unfitForPolicy(log, policy, against);
  if (unfit) return unfit;
  const [a, b] = [valued(log, policy, options), valued(log, against, options)];
  if ('refused' in a) return a;
  if ('refused' in b) return b;
  const value = a.value.value - b.value.value;
  const parts = a.parts.map((part, i) => part - (b.parts[i] as number));
  const difference = withNormal(estimateOf(value, parts, options.level), options.level);
  const differing = policy.chosen.reduce((n, p, i) => (p === against.chosen[i] ? n : n + 1), 0);
  if (difference.se === 0 && differing > 0) {
    return refuse(
      'no_variation',
      `The ${differing} decisions in which the policies differ brought nothing, so how sure their difference is cannot be told.`,
    );
  }
  const weights = a.weights.map((weight, i) => weight - (b.weights[i] as number));
  const carried = carriedBy(weights, log.rewards);
  const z = difference.se === 0 ? 0 : value / difference.se;
  return { policy: a.value, against: b.value, difference: { ...difference, z, differing, carried } };
}

interface Valued {
  readonly value: PolicyValue;
  readonly parts: Float64Array;
  readonly weights: Float64Array;
}

function valued(log: PolicyLog, view: PolicyView, options: PolicyOptions): Refusal | Valued {
  const weights = weightsOf(log, view, options.clip);
  const summary = summaryOf(weights, log, view, options.clip);
  const unfit =
    leftNothingToChance(log, view) ?? unsupported(view, summary, log.rewards.length, options.leastEffective);
  if (unfit) return unfit;
  const { value, parts } = partsOf(options.estimator, weights, log, view);
  const estimate = estimateOf(value, parts, options.level);
  if (![value, estimate.se, ...estimate.interval].every(Number.isFinite)) {
    return refuse('invalid_input', 'The rewards or weights are too large to be added up.');
  }
  const known = log.rewards.filter((_, i) => (weights[i] as number) > 0);
  if (known.every((reward) => reward === known[0])) {
    return refuse(
      'no_variation',
      `All ${known.length} decisions that the policy could have made brought the same, so how sure the value is cannot be told.`,
    );
  }
  return { value: { ...estimate, weights: summary }, parts, weights };
}

/** A log in which everything was certain says what was done, and nothing about anything else. */
function leftNothingToChance({ probabilities }: PolicyLog, { chosen }: PolicyView): Refusal | undefined {
  if (chosen.every((p) => p === 1) || probabilities.some((p) => p < 1)) return undefined;
  return refuse(
    'no_support',
    'Every decision of this log was made with probability 1: nothing was left to chance, so it says nothing of what a policy would do otherwise.',
  );
}

function unsupported(
  { unsupported = 0 }: PolicyView,
  { matched, effective, largest }: WeightSummary,
  rows: number,
  least: number,
): Refusal | undefined {
  const count = (n: number): string => n.toLocaleString('en-US');
  if (unsupported > 0) {
    return refuse(
      'no_support',
      `In ${count(unsupported)} of ${count(rows)} decisions the policy would do what had no chance of being done there, so this log cannot tell what would have come of it.`,
    );
  }
  if (matched === 0) {
    return refuse('no_support', 'The policy never does what was done, so this log says nothing about it.');
  }
  if (effective < least) {
    return refuse(
      'few_effective',
      `The estimate would rest on as much as ${effective.toFixed(1)} decisions of equal weight, of ${count(rows)} (largest weight ${largest.toPrecision(4)}); at least ${count(least)} are asked for.`,
    );
  }
  return undefined;
}

function estimateOf(value: number, parts: Float64Array, level: number): PolicyEstimate {
  const se = standardError(parts, value);
  if (se === 0) return { value, se, interval: [value, value] };
  const [critical, skewness] = [normal.isf((1 - level) / 2), skewnessOfMean(parts, value)];
  const limit = (z: number): number => value - se * withSkewness(z, skewness);
  return { value, se, interval: [limit(critical), limit(-critical)] };
}

/**
 * The further of the normal limit and the corrected one, on each side. Of a difference few decisions may be on one side only, by
 * chance, which looks like skewness: corrected alone, the interval would leave 0 out too often.
 */
function withNormal(estimate: PolicyEstimate, level: number): PolicyEstimate {
  const { value, se, interval } = estimate;
  const reach = normal.isf((1 - level) / 2) * se;
  return {
    ...estimate,
    interval: [Math.min(interval[0], value - reach), Math.max(interval[1], value + reach)],
  };
}

function unfitOptions(
  { estimator, leastEffective, level, clip }: PolicyOptions,
  views: readonly PolicyView[],
): Refusal | undefined {
  if (!(level > 0 && level < 1)) return refuse('invalid_input', 'The level must lie between 0 and 1.');
  if (!(leastEffective >= 2)) {
    return refuse('invalid_input', 'The floor on effective decisions must be 2 or more.');
  }
  if (clip !== undefined && !(clip > 0)) return refuse('invalid_input', 'Weights are cut above 0.');
  if (estimator === 'dr' && views.some(({ predicted }) => !predicted)) {
    return refuse('invalid_input', 'The doubly robust estimate needs predicted rewards.');
  }
  return undefined;
}

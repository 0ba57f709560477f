import { impossibleLevel } from '../confidence.js';
import { binomial } from '../distributions/binomial.js';
import { LEVEL, type Method } from '../method.js';
import { refuse, type Estimate, type OrRefusal, type Warning } from '../result.js';

/** A tail that meets its bound exactly must not miss it by a rounding. */
const FUZZ = 1e-13;

export interface QuantileEstimate extends Estimate {
  readonly probability: number;
  /**
   * The interval runs from the outcome of the first rank to that of the second, counted from 1 for the smallest. Rank 0
   * or n + 1 means that no outcome is small or large enough: that side of the interval is infinite.
   */
  readonly ranks: readonly [number, number];
  readonly warnings: readonly Warning[];
}

/**
 * Quantiles of the outcomes of one arm: Hyndman and Fan's type 7 with the interval between two order statistics, which
 * covers the quantile with at least the level's probability whatever the distribution. Ranks are qbinom((1 - level)/2)
 * and qbinom(1 - (1 - level)/2) + 1 of n trials. Warns `unbounded_interval` where a rank lies outside the data. Refuses
 * `invalid_input` (an outcome that is not finite, a probability outside [0, 1], no probability) and `empty_arm`.
 * Hyndman & Fan (1996); Conover, Practical Nonparametric Statistics, 3rd ed., 3.2.
 */
export function quantiles(
  outcomes: readonly number[],
  probabilities: readonly number[],
  level: number,
): OrRefusal<{ readonly quantiles: readonly QuantileEstimate[] }> {
  const impossible = impossibleLevel(level);
  if (impossible) return impossible;
  if (!outcomes.every(Number.isFinite)) return refuse('invalid_input', 'An outcome is not a finite number.');
  if (probabilities.length === 0 || !probabilities.every((p) => p >= 0 && p <= 1)) {
    return refuse('invalid_input', 'The probabilities must be numbers between 0 and 1, at least one.');
  }
  if (outcomes.length === 0) return refuse('empty_arm', 'The arm has no recipients.');
  const sorted = Float64Array.from(outcomes).sort();
  return { quantiles: probabilities.map((p) => quantileEstimate(sorted, p, level)) };
}

function quantileEstimate(sorted: Float64Array, probability: number, level: number): QuantileEstimate {
  const n = sorted.length;
  const tail = (1 - level) / 2;
  const lowerRank = binomial.quantile(tail * (1 - FUZZ), n, probability);
  const upperRank = binomial.isf(tail * (1 + FUZZ), n, probability) + 1;
  const lower = lowerRank === 0 ? -Infinity : (sorted[lowerRank - 1] ?? NaN);
  const upper = upperRank > n ? Infinity : (sorted[upperRank - 1] ?? NaN);
  return {
    probability,
    value: typeSeven(sorted, probability),
    ranks: [lowerRank, upperRank],
    interval: { lower, upper, level },
    warnings: lowerRank === 0 || upperRank > n ? [UNBOUNDED] : [],
  };
}

const UNBOUNDED: Warning = {
  code: 'unbounded_interval',
  message: 'There are too few recipients to bound this quantile on both sides.',
};

/**
 * Linear between the order statistics around (n - 1) p, counted from 0. A place that is whole but for the rounding of
 * (n - 1) p counts as whole, as in R, so that the quantile is an outcome itself. Needs a sorted list that is not empty.
 */
export function typeSeven(sorted: Float64Array, probability: number): number {
  const place = (sorted.length - 1) * probability;
  const nearest = Math.round(place);
  const whole = Math.abs(place - nearest) <= 4 * Number.EPSILON * nearest;
  const index = whole ? nearest : Math.floor(place);
  const below = sorted[index] ?? NaN;
  if (whole) return below;
  const above = sorted[index + 1] ?? NaN;
  const weight = place - index;
  // Of the two forms this one leaves equal outcomes as they are; the other cannot overflow.
  const gap = above - below;
  return gap < Infinity ? below + weight * gap : below * (1 - weight) + above * weight;
}

export const quantileMethod = {
  id: 'quantile.type7',
  title: 'Quantiles with order-statistic intervals',
  needs: ['outcomes'],
  parameters: [{ name: 'probabilities', meaning: 'numbers in [0, 1]; 0.5 is the median' }, LEVEL],
  reference: 'Hyndman & Fan (1996); Conover, Practical Nonparametric Statistics, 3rd ed. (1999), 3.2',
  compute: quantiles,
} as const satisfies Method;

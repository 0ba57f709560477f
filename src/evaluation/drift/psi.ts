import { chiSquared } from '../../statistics/distributions/chi-squared.js';
import { noncentralChiSquared } from '../../statistics/distributions/noncentral-chi-squared.js';
import { findRoot } from '../../statistics/numerics/find-root.js';
import type { Interval } from '../../statistics/result.js';
import { type OrRefusal, refuse } from '../refusal.js';

/** How often values fell into each of the same bins, then and now. */
export interface BinCounts {
  readonly counts: readonly number[];
  /** Counts as a bin of its own where it is not 0 in both. */
  readonly missing: number;
}

export interface Drift {
  /** Population stability index, in nats; 0 where both have the same shares. */
  readonly value: number;
  /** 95 %, for the index of the populations; begins at 0 where no drift at all is among what is likely. */
  readonly interval: Interval;
  /** Probability of an index as large as this or larger where nothing has changed. */
  readonly p: number;
  readonly bins: number;
}

/** What an empty bin counts as: half a row. Bins that are not empty are left as they are. */
const emptyCountsAs = 0.5;

/**
 * Population stability index: Σ (p - q) ln(p / q) over bins, the Jeffreys divergence. Where nothing has changed, the index of n
 * and m rows divided by (1/n + 1/m) is about chi-squared with one degree less than there are bins, and noncentral where
 * something has (Yurdakul and Naranjo, Statistical properties of the population stability index, J. Risk Model Validation
 * 14(4), 2020). So a small sample is not taken for drift.
 *
 * @returns refused `invalid_input`, `too_few` where one of them is empty, `no_variation` where there is one bin.
 */
export function populationStability(then: BinCounts, now: BinCounts): OrRefusal<Drift> {
  const [before, after] = [binsOf(then, now), binsOf(now, then)];
  if (before.length !== after.length)
    return refuse('invalid_input', 'The two have not the same bins, so they cannot be compared.');
  if (![...before, ...after].every((count) => Number.isFinite(count) && count >= 0))
    return refuse('invalid_input', 'Counts are finite and 0 or above.');
  const [n, m] = [sum(before), sum(after)];
  if (n === 0 || m === 0)
    return refuse('too_few', `There are no rows ${n === 0 ? 'in the reference' : 'now'}.`);
  if (before.length < 2) return refuse('no_variation', 'All values fall into one bin, then and now.');
  const value = jeffreys(smoothed(before), smoothed(after));
  const scale = 1 / n + 1 / m;
  const df = before.length - 1;
  const statistic = value / scale;
  return {
    value,
    interval: { ...limits(statistic, df, scale), level: 0.95 },
    p: chiSquared.sf(statistic, df),
    bins: before.length,
  };
}

/** The index beyond which chance alone gets with this probability, where nothing has changed. */
export function stabilityByChance(n: number, m: number, bins: number, probability: number): number {
  return chiSquared.isf(probability, bins - 1) * (1 / n + 1 / m);
}

function binsOf(own: BinCounts, other: BinCounts): readonly number[] {
  return own.missing > 0 || other.missing > 0 ? [...own.counts, own.missing] : own.counts;
}

function smoothed(counts: readonly number[]): number[] {
  const lifted = counts.map((count) => (count === 0 ? emptyCountsAs : count));
  const total = sum(lifted);
  return lifted.map((count) => count / total);
}

function jeffreys(p: readonly number[], q: readonly number[]): number {
  return sum(p.map((share, i) => (share - (q[i] as number)) * Math.log(share / (q[i] as number))));
}

/** The noncentralities under which the statistic is neither too large nor too small to be likely. */
function limits(statistic: number, df: number, scale: number): { lower: number; upper: number } {
  const at = (tail: 'sf' | 'cdf'): number => {
    const excess = (ncp: number): number => noncentralChiSquared[tail](statistic, df, ncp) - 0.025;
    // Upper tails grow with the noncentrality, lower ones fall.
    if (tail === 'sf' ? excess(0) >= 0 : excess(0) <= 0) return 0;
    let most = Math.max(1, 2 * statistic);
    while (tail === 'sf' ? excess(most) < 0 : excess(most) > 0) most *= 2;
    return findRoot(excess, 0, most);
  };
  return { lower: at('sf') * scale, upper: at('cdf') * scale };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

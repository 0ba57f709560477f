import { impossibleCounts, noVariation, rateDifference, type Count } from '../count.js';
import { meanDifference, welchDf } from '../means/welch.js';
import { smoothedRateVariance } from '../proportions/smoothed-rate.js';
import { refuse, type Refusal } from '../result.js';
import { meanVariance, type OutcomeSums } from '../sums.js';

/** The difference of two arms, before any correction. */
export interface Pair {
  readonly difference: number;
  /** Squared standard error. */
  readonly variance: number;
  /** Infinity for a z test. */
  readonly df: number;
}

/** Arm `treatment` minus arm `control`; both are positions in the list of arms, from 0. */
export type PairOf = (control: number, treatment: number) => Pair;

/** More arms have so many pairs that nobody reads them, and they would take minutes. */
export const MOST_ARMS = 50;
export const tooManyArms = refuse(
  'too_many',
  `All arms are compared with each other only up to ${MOST_ARMS} arms.`,
);

/** A refusal for impossible counts, an empty arm, or where nobody in any arm did it, or everybody (`no_variation`). */
export function unfitRates(arms: readonly Count[]): Refusal | undefined {
  const impossible = impossibleCounts(arms);
  if (impossible || arms.length < 2 || !noVariation(arms)) return impossible;
  return refuse('no_variation', 'Nobody or everybody did it, in all of the arms.');
}

/** Pairs of rates: z with the smoothed variances of `smoothedRateVariance`, which are answered, too. */
export function ratePairs(arms: readonly Count[]): { pairOf: PairOf; variances: readonly number[] } {
  const variances = arms.map(smoothedRateVariance);
  const pairOf: PairOf = (i, j) => {
    const [control, treatment] = [arms[i], arms[j]];
    const difference = control && treatment ? rateDifference(control, treatment) : NaN;
    return { difference, variance: (variances[i] ?? NaN) + (variances[j] ?? NaN), df: Infinity };
  };
  return { pairOf, variances };
}

/** Pairs of means with the arms' own variances and Welch's degrees of freedom; the variances are answered, too. */
export function welchPairs(arms: readonly OutcomeSums[]): {
  pairOf: PairOf;
  variances: readonly number[];
} {
  const variances = arms.map(meanVariance);
  const pairOf: PairOf = (i, j) => {
    const [control, treatment, vc = 0, vt = 0] = [arms[i], arms[j], variances[i], variances[j]];
    if (!control || !treatment || vc + vt === 0) return { difference: 0, variance: 0, df: Infinity };
    const df = welchDf(vc, control.n, vt, treatment.n);
    return { difference: meanDifference(control, treatment), variance: vc + vt, df };
  };
  return { pairOf, variances };
}

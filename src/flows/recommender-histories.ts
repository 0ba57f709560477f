import { badInput } from '../errors.js';
import { bootstrapMean } from '../evaluation/bootstrap.js';
import { pairedDifference } from '../evaluation/ranking/compare-rankings.js';
import type { OrRefusal } from '../evaluation/refusal.js';
import type { Estimate } from '../statistics/result.js';
import type { HeldOutRecipient } from '../strategies/cf/measure-hold-out.js';
import type { Taste } from '../strategies/cf/recommender.js';

/** How methods do while no more is known of anybody than the latest things that they did. */
export interface ShortHistory {
  /** So many of each recipient are shown, fewer where there are no more. */
  readonly length: number;
  /** Recipients of whom there are more. */
  readonly shortened: number;
  readonly methods: readonly {
    readonly method: string;
    readonly ndcg: OrRefusal<Estimate>;
    /** To the method that all are compared with, on the same recipients and the same length. */
    readonly difference?: OrRefusal<Estimate>;
  }[];
}

/** nDCG of one method by recipient, for each length in the order asked for. */
export interface MeasuredLengths {
  readonly method: string;
  readonly values: readonly Float64Array[];
}

/**
 * The same recipients, each with the latest `length` things of their taste. What is left out is excluded still: so candidates
 * and what is to be found are the same at every length, and finding again what somebody did is no mistake.
 *
 * @throws bad_input `no_time` where nobody knows what is the latest.
 */
export function withLatest(recipients: readonly HeldOutRecipient[], length: number): HeldOutRecipient[] {
  return recipients.map(({ taste, relevant, excluded = taste.places }) => ({
    taste: latestOf(taste, length),
    relevant,
    excluded,
  }));
}

function latestOf(taste: Taste, length: number): Taste {
  const { places, weights, ages } = taste;
  if (!ages) {
    throw badInput(
      'no_time',
      'To show the latest of a history, a column must say when: name it with --time, or leave out --history.',
    );
  }
  if (places.length <= length) return taste;
  const isLatest = (_: number, i: number): boolean => (ages[i] as number) < length;
  return {
    places: places.filter(isLatest),
    weights: weights.filter(isLatest),
    ages: ages.filter((age) => age < length),
  };
}

/**
 * One row for each length.
 *
 * @param known of each recipient, how many interactions are learned from.
 * @param against label of the method that the others are compared with; of none where it could not be measured.
 */
export function shortHistories(
  lengths: readonly number[],
  known: Int32Array,
  measured: readonly MeasuredLengths[],
  { against, seed, draws }: { readonly against: string; readonly seed: string; readonly draws: number },
): ShortHistory[] {
  const reference = measured.find(({ method }) => method === against);
  return lengths.map((length, i) => ({
    length,
    shortened: known.reduce((sum, size) => sum + Number(size > length), 0),
    methods: measured.map(({ method, values }) => {
      const own = values[i] as Float64Array;
      const theirs = method === against ? undefined : reference?.values[i];
      return {
        method,
        ndcg: bootstrapMean(own, seed, draws),
        ...(theirs && { difference: pairedDifference(own, theirs, seed, draws) }),
      };
    }),
  }));
}

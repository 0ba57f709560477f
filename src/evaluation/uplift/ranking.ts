import type { TrialOutcomes } from './trial-outcomes.js';

/**
 * The recipients of a trial by score, the highest first; those of the same score in the order of the rows. A place is where one
 * stands in it, from 0.
 */
export interface Ranking {
  /** Row by place. */
  readonly order: Int32Array;
  /** For each run of equal scores, how many recipients come up to its end. */
  readonly ends: Int32Array;
  /** By place. */
  readonly treated: Uint8Array;
  /** By place. */
  readonly outcomes: Float64Array;
}

/** @param scores finite, one for each recipient of the trial. */
export function rankingOf(scores: Float64Array, { treated, outcomes }: TrialOutcomes): Ranking {
  const order = Int32Array.from(scores, (_, row) => row);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const ends: number[] = [];
  for (let i = 1; i <= order.length; i++) {
    if (i === order.length || scores[order[i] as number] !== scores[order[i - 1] as number]) ends.push(i);
  }
  return {
    order,
    ends: Int32Array.from(ends),
    treated: Uint8Array.from(order, (row) => treated[row] as number),
    outcomes: Float64Array.from(order, (row) => outcomes[row] as number),
  };
}

/** Recipients by score, the highest first; those of the same score in the order of the rows. */
export interface Ranking {
  readonly order: Int32Array;
  /** For each run of equal scores, how many recipients come up to its end. */
  readonly ends: Int32Array;
}

/** @param scores finite. */
export function rankingOf(scores: Float64Array): Ranking {
  const order = Int32Array.from(scores, (_, row) => row);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const ends: number[] = [];
  for (let i = 1; i <= order.length; i++) {
    if (i === order.length || scores[order[i] as number] !== scores[order[i - 1] as number]) ends.push(i);
  }
  return { order, ends: Int32Array.from(ends) };
}

import type { Random } from '../../../evaluation/random.js';

/**
 * So many of a list, each as likely, in the order in which they stand there; and the others (selection sampling, Knuth, The Art of
 * Computer Programming 2, algorithm S).
 */
export function drawRows(
  rows: Uint32Array,
  size: number,
  random: Random,
): { readonly drawn: Uint32Array; readonly others: Uint32Array } {
  const drawn = new Uint32Array(size);
  const others = new Uint32Array(rows.length - size);
  let taken = 0;
  rows.forEach((row, i) => {
    if (random.next() * (rows.length - i) < size - taken) drawn[taken++] = row;
    else others[i - taken] = row;
  });
  return { drawn, others };
}

/** 0, 1, …, size - 1. */
export function allRows(size: number): Uint32Array {
  return Uint32Array.from({ length: size }, (_, i) => i);
}

import { type BinnedTable, shiftOf, wordOf } from './bin-table.js';

/** From `start` on and before `end`, in a list of rows. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Puts those of a range first that go the first way, both parts in the order in which they were, so that passes over rows
 * stay passes in one direction.
 *
 * @param spare as long as the range at least.
 * @returns where the second part begins.
 */
export function splitRows(
  { words, wordsPerRow }: BinnedTable,
  column: number,
  goesFirst: Uint8Array,
  rows: Uint32Array,
  { start, end }: Range,
  spare: Uint32Array,
): number {
  const word = wordOf(column);
  const shift = shiftOf(column);
  let first = start;
  let second = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    const bin = ((words[row * wordsPerRow + word] as number) >>> shift) & 255;
    const isFirst = goesFirst[bin] as number;
    // Written to both lists, and kept in one: no branch to be guessed wrong.
    rows[first] = row;
    spare[second] = row;
    first += isFirst;
    second += 1 - isFirst;
  }
  rows.set(spare.subarray(0, second), first);
  return first;
}

import type { BinnedTable } from './bin-table.js';

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
  { codes, columns }: BinnedTable,
  column: number,
  goesFirst: Uint8Array,
  rows: Uint32Array,
  { start, end }: Range,
  spare: Uint32Array,
): number {
  const width = columns.length;
  let first = start;
  let second = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    if (goesFirst[codes[row * width + column] as number] === 1) rows[first++] = row;
    else spare[second++] = row;
  }
  rows.set(spare.subarray(0, second), first);
  return first;
}

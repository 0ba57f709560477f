import type { BinnedTable } from './bin-table.js';

/**
 * Of what all splits took away from the loss, the part of each column of the table; adds up to 1.
 *
 * @param gains by binned column, for each tree.
 * @returns undefined where there is no split.
 */
export function gainShares(
  gains: readonly Float64Array[],
  { columns }: BinnedTable,
  width: number,
): readonly number[] | undefined {
  const sums = new Array<number>(width).fill(0);
  for (const gain of gains) {
    columns.forEach(({ place }, c) => (sums[place] = (sums[place] as number) + (gain[c] as number)));
  }
  const total = sums.reduce((sum, gain) => sum + gain, 0);
  return total > 0 ? sums.map((gain) => Number((gain / total).toPrecision(8))) : undefined;
}

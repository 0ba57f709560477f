import { type BinnedTable, shiftOf, wordOf } from './bin-table.js';
import type { Range } from './split-rows.js';

/** Numbers in one bin: the sums of gradients and of curvatures (second derivatives), and how many rows. */
export const perBin = 3;
/** Numbers in one column: 255 bins of values and one for what is missing, used or not. */
export const perColumn = 256 * perBin;

/** Gradient and curvature of the loss in each row, side by side. */
export type Gradients = Float64Array;

/**
 * Adds up gradients by column and bin, for a range of a list of rows.
 *
 * @param into `perColumn` numbers for each column of the table; whatever stands there is forgotten.
 */
// eslint-disable-next-line max-lines-per-function -- The hottest loop there is: written out, as it says below.
export function fillHistogram(
  into: Float64Array,
  { words, wordsPerRow, columns }: BinnedTable,
  gradients: Gradients,
  rows: Uint32Array,
  { start, end }: Range,
): void {
  const full = columns.length >>> 2;
  into.fill(0);
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    const gradient = gradients[2 * row] as number;
    const curvature = gradients[2 * row + 1] as number;
    const from = row * wordsPerRow;
    let base = 0;
    // Written out, because nothing else takes as much of the time: a loop over the bytes of a word takes a third more.
    for (let w = 0; w < full; w++, base += 4 * perColumn) {
      const word = words[from + w] as number;
      let at = base + (word & 255) * perBin;
      into[at] = (into[at] as number) + gradient;
      into[at + 1] = (into[at + 1] as number) + curvature;
      into[at + 2] = (into[at + 2] as number) + 1;
      at = base + perColumn + ((word >>> 8) & 255) * perBin;
      into[at] = (into[at] as number) + gradient;
      into[at + 1] = (into[at + 1] as number) + curvature;
      into[at + 2] = (into[at + 2] as number) + 1;
      at = base + 2 * perColumn + ((word >>> 16) & 255) * perBin;
      into[at] = (into[at] as number) + gradient;
      into[at + 1] = (into[at + 1] as number) + curvature;
      into[at + 2] = (into[at + 2] as number) + 1;
      at = base + 3 * perColumn + (word >>> 24) * perBin;
      into[at] = (into[at] as number) + gradient;
      into[at + 1] = (into[at + 1] as number) + curvature;
      into[at + 2] = (into[at + 2] as number) + 1;
    }
    if (full === wordsPerRow) continue;
    let rest = words[from + full] as number;
    for (; base < into.length; base += perColumn, rest >>>= 8) {
      const at = base + (rest & 255) * perBin;
      into[at] = (into[at] as number) + gradient;
      into[at + 1] = (into[at + 1] as number) + curvature;
      into[at + 2] = (into[at + 2] as number) + 1;
    }
  }
}

/** The same for the columns that are chosen; the others are left as they are. */
export function fillColumns(
  into: Float64Array,
  { words, wordsPerRow }: BinnedTable,
  gradients: Gradients,
  rows: Uint32Array,
  { start, end }: Range,
  chosen: Int32Array,
): void {
  for (const c of chosen) into.fill(0, c * perColumn, (c + 1) * perColumn);
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    const gradient = gradients[2 * row] as number;
    const curvature = gradients[2 * row + 1] as number;
    const from = row * wordsPerRow;
    for (const c of chosen) {
      const bin = ((words[from + wordOf(c)] as number) >>> shiftOf(c)) & 255;
      const at = c * perColumn + bin * perBin;
      into[at] = (into[at] as number) + gradient;
      into[at + 1] = (into[at + 1] as number) + curvature;
      into[at + 2] = (into[at + 2] as number) + 1;
    }
  }
}

/** What is in the whole and not in the part: half of all histograms need no pass over rows (Ke et al. 2017). */
export function subtractHistogram(whole: Float64Array, part: Float64Array): void {
  for (let i = 0; i < whole.length; i++) whole[i] = (whole[i] as number) - (part[i] as number);
}

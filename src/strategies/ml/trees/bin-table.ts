import { varies } from '../check-fit.js';
import type { Column, Table } from '../table.js';
import { binEdges } from './bin-edges.js';

/** How one column of a table is cut into bins. What is missing has the bin after the last. */
export interface BinnedColumn {
  /** Place in the table. */
  readonly place: number;
  /** Of known values, 1 to 255. */
  readonly bins: number;
  /** Among numbers: values up to `edges[b]` are in bin b or before. */
  readonly edges?: Float64Array;
  /** Among categories: the category of each bin. */
  readonly categories?: Int32Array;
}

/** Rows as bytes, row by row: all that a tree looks at of a row lies in one or two lines of the cache. */
export interface BinnedTable {
  readonly rows: number;
  /** Those that vary. */
  readonly columns: readonly BinnedColumn[];
  /** Bin of column c in row r at `r * columns.length + c`. */
  readonly codes: Uint8Array;
}

/** @param bins at most in a column, 2 to 255; of categories, the most frequent keep one and the others are as if missing. */
export function binTable(table: Table, bins: number): BinnedTable {
  const varying = table.columns
    .map((column, place) => ({ column, place }))
    .filter(({ column }) => varies(column));
  const codes = new Uint8Array(table.rows * varying.length);
  const columns = varying.map(({ column, place }, at): BinnedColumn => {
    if (column.type === 'number')
      return { place, ...binNumbers(column.values, bins, codes, at, varying.length) };
    return { place, ...binCategories(column, bins, codes, at, varying.length) };
  });
  return { rows: table.rows, columns, codes };
}

function binNumbers(values: Float64Array, maxBins: number, codes: Uint8Array, at: number, width: number) {
  const known = values.filter((value) => Number.isFinite(value));
  const edges = binEdges(known, maxBins);
  const bins = edges.length + 1;
  for (let r = 0, i = at; r < values.length; r++, i += width) {
    const value = values[r] as number;
    codes[i] = Number.isFinite(value) ? placeOf(edges, value) : bins;
  }
  return { bins, edges };
}

/** The first edge that is not below the value; one past the last where all are. */
function placeOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= (edges[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

type Categories = Extract<Column, { type: 'category' }>;

function binCategories(column: Categories, maxBins: number, codes: Uint8Array, at: number, width: number) {
  const counts = new Uint32Array(column.categories.length);
  for (const code of column.codes)
    if (code >= 0 && code < counts.length) counts[code] = (counts[code] as number) + 1;
  const kept = Array.from(counts.keys())
    .filter((code) => (counts[code] as number) > 0)
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
    .slice(0, maxBins)
    .sort((a, b) => a - b);
  const binOf = new Uint8Array(counts.length).fill(kept.length);
  kept.forEach((code, bin) => (binOf[code] = bin));
  for (let r = 0, i = at; r < column.codes.length; r++, i += width) {
    const code = column.codes[r] as number;
    codes[i] = code >= 0 && code < binOf.length ? (binOf[code] as number) : kept.length;
  }
  return { bins: kept.length, categories: Int32Array.from(kept) };
}

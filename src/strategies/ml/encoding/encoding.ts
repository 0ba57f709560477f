import { type Column, type Table } from '../table.js';

/** How a column of numbers becomes one number of about the size 1. */
export interface NumberCode {
  readonly type: 'number';
  readonly mean: number;
  /** Standard deviation; 0 where the column did not vary and so says nothing. */
  readonly scale: number;
  /** Whether some were missing: then a dummy says so, and the mean stands in their place. */
  readonly missing: boolean;
}

/** How a column of categories becomes dummies. */
export interface CategoryCode {
  readonly type: 'category';
  /** By category: its dummy among those of the column; -1 for the reference, which has none; -2 where it was never seen. */
  readonly dummies: readonly number[];
  /** The dummy of what is missing; -2 where nothing was. */
  readonly missing: number;
  /** By dummy: its share of the rows. What was never seen counts as their average. */
  readonly shares: readonly number[];
}

/** How rows of a table become numbers: by column. Plain JSON, kept with the model. */
export type Encoding = readonly (NumberCode | CategoryCode)[];

/** Dummy of the reference, and of what was never seen. */
const reference = -1;
export const neverSeen = -2;

/**
 * Learns how to encode from the rows that a model learns from. Numbers are standardised; of categories the most frequent is the
 * reference, and beyond `most` dummies the rarest share one.
 *
 * @param weights by row.
 */
export function learnEncoding(table: Table, weights: Float64Array, most: number): Encoding {
  return table.columns.map((column) =>
    column.type === 'number' ? numberCode(column.values, weights) : categoryCode(column, weights, most),
  );
}

function numberCode(values: Float64Array, weights: Float64Array): NumberCode {
  let [largest, known] = [0, 0];
  for (const [row, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    known += weights[row] as number;
  }
  const missing = values.some((value) => !Number.isFinite(value));
  if (known === 0 || largest === 0) return { type: 'number', mean: 0, scale: 0, missing };
  // In units of the largest, whose square would not fit in a double otherwise.
  let mean = 0;
  for (const [row, value] of values.entries()) {
    if (Number.isFinite(value)) mean += (weights[row] as number) * (value / largest);
  }
  mean /= known;
  let variance = 0;
  for (const [row, value] of values.entries()) {
    if (Number.isFinite(value)) variance += (weights[row] as number) * (value / largest - mean) ** 2;
  }
  const scale = Math.sqrt(variance / known);
  // Below that it is the rounding of the mean that varies.
  return { type: 'number', mean: mean * largest, scale: scale > 1e-12 ? scale * largest : 0, missing };
}

function categoryCode(
  { codes, categories }: Extract<Column, { type: 'category' }>,
  weights: Float64Array,
  most: number,
): CategoryCode {
  // What is missing stands last, as if it were a category.
  const counts = new Float64Array(categories.length + 1);
  for (const [row, code] of codes.entries()) {
    const place = code < 0 || code >= categories.length ? categories.length : code;
    counts[place] = (counts[place] as number) + (weights[row] as number);
  }
  const seen = [...counts.keys()].filter((place) => (counts[place] as number) > 0);
  seen.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  const dummyOf = new Int32Array(counts.length).fill(neverSeen);
  const shares: number[] = [];
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (const [rank, place] of seen.entries()) {
    const dummy = rank === 0 ? reference : Math.min(rank, most) - 1;
    dummyOf[place] = dummy;
    if (dummy >= 0) shares[dummy] = (shares[dummy] ?? 0) + (counts[place] as number) / total;
  }
  return {
    type: 'category',
    dummies: [...dummyOf.subarray(0, categories.length)],
    missing: dummyOf[categories.length] as number,
    shares,
  };
}

/** Where the parts of an encoded row lie. */
export interface Layout {
  /** Columns of numbers. */
  readonly numbers: number;
  /** Columns that have dummies, of which a row has one each at most. */
  readonly slots: number;
  /** Dummies of all columns together. */
  readonly dummies: number;
  /** By column: its slot, or -1. */
  readonly slotOf: readonly number[];
  /** By column: its first dummy. */
  readonly firstDummy: readonly number[];
}

export function layoutOf(encoding: Encoding): Layout {
  const slotOf: number[] = [];
  const firstDummy: number[] = [];
  let [numbers, slots, dummies] = [0, 0, 0];
  for (const code of encoding) {
    const own = code.type === 'number' ? Number(code.missing) : code.shares.length;
    if (code.type === 'number') numbers += 1;
    slotOf.push(own > 0 ? slots++ : -1);
    firstDummy.push(dummies);
    dummies += own;
  }
  return { numbers, slots, dummies, slotOf, firstDummy };
}

/** Rows as numbers. */
export interface EncodedRows {
  readonly rows: number;
  readonly layout: Layout;
  /** Row by row, `layout.numbers` each. */
  readonly numbers: Float64Array;
  /** Row by row, `layout.slots` each: a dummy that is 1; -1 for none; `layout.dummies` + slot for a category never seen. */
  readonly dummies: Int32Array;
}

/** Standardised numbers are kept within this, so that nothing overflows. */
const utmost = 1e100;

/** @param table of the columns that the encoding was learned from. */
export function encodeRows(table: Table, encoding: Encoding): EncodedRows {
  const layout = layoutOf(encoding);
  const numbers = new Float64Array(table.rows * layout.numbers);
  const dummies = new Int32Array(table.rows * layout.slots).fill(reference);
  let place = 0;
  for (const [c, code] of encoding.entries()) {
    const column = table.columns[c] as Column;
    const slot = layout.slotOf[c] as number;
    const first = layout.firstDummy[c] as number;
    const setDummy = (row: number, dummy: number): void => {
      if (slot < 0 || dummy === reference) return;
      dummies[row * layout.slots + slot] = dummy === neverSeen ? layout.dummies + slot : first + dummy;
    };
    if (code.type === 'number' && column.type === 'number') {
      const at = place++;
      for (const [row, value] of column.values.entries()) {
        if (Number.isFinite(value)) numbers[row * layout.numbers + at] = standardised(value, code);
        else setDummy(row, code.missing ? 0 : reference);
      }
    } else if (code.type === 'category' && column.type === 'category') {
      for (const [row, value] of column.codes.entries()) {
        setDummy(row, value < 0 ? code.missing : (code.dummies[value] ?? neverSeen));
      }
    }
  }
  return { rows: table.rows, layout, numbers, dummies };
}

function standardised(value: number, { mean, scale }: NumberCode): number {
  if (scale === 0) return 0;
  return Math.max(-utmost, Math.min(utmost, value / scale - mean / scale));
}

/**
 * By dummy what it adds, and after those, by slot, what a category never seen adds: the average over the rows that were learned
 * from. For what is linear in the dummies.
 */
export function withNeverSeen(encoding: Encoding, added: Float64Array): Float64Array {
  const { slots, dummies, slotOf, firstDummy } = layoutOf(encoding);
  const all = new Float64Array(dummies + slots);
  all.set(added);
  for (const [c, code] of encoding.entries()) {
    const slot = slotOf[c] as number;
    if (code.type !== 'category' || slot < 0) continue;
    const first = firstDummy[c] as number;
    all[dummies + slot] = code.shares.reduce(
      (sum, share, i) => sum + share * (added[first + i] as number),
      0,
    );
  }
  return all;
}

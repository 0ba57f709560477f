/** Rows of the same recipient and item are one: which of them is kept. */
export type Kept = 'first' | 'last';

export interface PairRows {
  readonly recipients: Int32Array;
  readonly items: Int32Array;
  readonly times?: Float64Array;
  /** What is held out by itself comes after everything else; 0 or 1. */
  readonly second: Uint8Array;
}

/** One row of each pair, in the order of recipients, then items: the first or last by time, then by its place in the file. */
export function distinctPairs(rows: PairRows, kept: Kept): Int32Array {
  const { recipients, items, times, second } = rows;
  const order = Int32Array.from({ length: items.length }, (_, row) => row);
  const compare = (a: number, b: number): number =>
    (recipients[a] as number) - (recipients[b] as number) ||
    (items[a] as number) - (items[b] as number) ||
    (second[a] as number) - (second[b] as number) ||
    (times ? (times[a] as number) - (times[b] as number) : 0) ||
    a - b;
  order.sort(compare);
  const isSame = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined && b !== undefined && recipients[a] === recipients[b] && items[a] === items[b];
  return order.filter((row, i) => !isSame(order[kept === 'first' ? i - 1 : i + 1], row));
}

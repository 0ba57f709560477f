import { seededRandom, shuffled } from '../random.js';

/** What was done, row by row. Codes from 0 in the order of the ids. */
export interface InteractionRows {
  readonly recipients: Int32Array;
  readonly items: Int32Array;
  /** Any unit, rising with time; absent where nobody knows when. */
  readonly times?: Float64Array;
}

/** What is learned from, and what is held out. */
export type Split =
  /** Of each recipient the last floor(n / 5), by time, then item. */
  | { readonly kind: 'last-fifth' }
  /** Of each recipient floor(n / 5) drawn by chance: flatters, because the rest of the list may be later. */
  | { readonly kind: 'random-fifth'; readonly seed: string }
  /** Everything from the moment on at which this share of all rows has happened. */
  | { readonly kind: 'time'; readonly share: number };

/** 1 for every row that is held out. @throws Error where a split by time meets rows without times. */
export function heldOut(rows: InteractionRows, split: Split): Uint8Array {
  if (split.kind === 'time') return fromMomentOn(timesOf(rows), split.share);
  const random = split.kind === 'random-fifth' ? seededRandom(split.seed) : undefined;
  const order = random ? rows.items : undefined;
  const times = random ? undefined : timesOf(rows);
  const isHeldOut = new Uint8Array(rows.items.length);
  for (const own of rowsByRecipient(rows)) {
    const most = Math.floor(own.length / 5);
    // By item first in a random split as well: then the draw does not depend on the order of the rows.
    const sorted = own.sort((a, b) => byTimeThenItem(a, b, times, order ?? rows.items));
    const chosen = random ? shuffled(own.length, random).subarray(0, most) : lastOf(own.length, most);
    for (const i of chosen) isHeldOut[sorted[i] as number] = 1;
  }
  return isHeldOut;
}

function byTimeThenItem(a: number, b: number, times: Float64Array | undefined, items: Int32Array): number {
  const later = times ? (times[a] as number) - (times[b] as number) : 0;
  return later !== 0 ? later : (items[a] as number) - (items[b] as number);
}

const lastOf = (size: number, most: number): Int32Array =>
  Int32Array.from({ length: most }, (_, i) => size - most + i);

function timesOf({ times }: InteractionRows): Float64Array {
  if (!times) throw new Error('a split by time needs a time in every row');
  return times;
}

/** Rows of one moment fall on the same side. */
function fromMomentOn(times: Float64Array, share: number): Uint8Array {
  const sorted = times.slice().sort();
  const cut = sorted[Math.floor(share * sorted.length)] ?? Infinity;
  return Uint8Array.from(times, (time) => (time >= cut ? 1 : 0));
}

/** In the order of the recipients, of each the rows in the order given. */
function rowsByRecipient({ recipients }: InteractionRows): Int32Array[] {
  const counts = new Int32Array(1 + recipients.reduce((most, code) => Math.max(most, code), -1));
  for (const code of recipients) counts[code] = (counts[code] as number) + 1;
  const lists = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  recipients.forEach((code, row) => {
    (lists[code] as Int32Array)[counts[code] as number] = row;
    counts[code] = (counts[code] as number) + 1;
  });
  return lists;
}

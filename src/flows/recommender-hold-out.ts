import { type Matrix, matrixOfEntries } from '../strategies/cf/matrix.js';
import type { HeldOutRecipient } from '../strategies/cf/measure-hold-out.js';
import type { SplitData } from './recommender-data.js';

/** What is learned from, and the recipients that are measured. */
export interface RecommenderHoldOut {
  readonly matrix: Matrix;
  readonly recipients: readonly HeldOutRecipient[];
  /** Of each of them, how many interactions it is learned from. */
  readonly known: Int32Array;
  readonly summary: MatrixSummary;
}

export interface MatrixSummary {
  /** With something to learn from. */
  readonly recipients: number;
  /** Somebody did something with in what is learned from. */
  readonly items: number;
  readonly interactions: number;
  /** Share of all pairs. */
  readonly density: number;
  readonly heldOut: number;
  /** Held-out interactions with items of which nothing could be learned, which all methods but those by attributes miss. */
  readonly heldOutUnseen: number;
  readonly measuredRecipients: number;
  /** Of whom something is held out, but nothing is there to learn from. */
  readonly unknownRecipients: number;
}

/** Splits a file into a matrix and the recipients that are measured on it; everything done counts 1. */
export function recommenderHoldOut(
  data: SplitData,
  attributes?: ReadonlyMap<string, readonly string[]>,
): RecommenderHoldOut {
  const { recipientOf, itemOf, isHeldOut } = data;
  const learned = rowsWhere(isHeldOut, 0);
  const entries = {
    rows: learned.map((row) => recipientOf[row] as number),
    columns: learned.map((row) => itemOf[row] as number),
    weights: new Float32Array(learned.length).fill(1),
  };
  const matrix = {
    ...matrixOfEntries(data.recipients, data.items, entries),
    ...(attributes && { attributes: data.items.map((id) => attributes.get(id) ?? []) }),
  };
  // Rows are in the order of recipients, then items, as the matrix is.
  const times = data.times && Float64Array.from(learned, (row) => data.times?.[row] as number);
  const relevant = new Map<number, Set<number>>();
  for (const row of rowsWhere(isHeldOut, 1)) {
    const recipient = recipientOf[row] as number;
    const known = relevant.get(recipient);
    if (known) known.add(itemOf[row] as number);
    else relevant.set(recipient, new Set([itemOf[row] as number]));
  }
  const measured = [...relevant].filter(([recipient]) => sizeOf(matrix, recipient) > 0);
  const recipients = measured
    .sort(([a], [b]) => a - b)
    .map(([recipient, items]) => heldOutRecipient(matrix, recipient, items, times));
  return {
    matrix,
    recipients,
    known: Int32Array.from(recipients, ({ taste }) => taste.places.length),
    summary: summaryOf(matrix, relevant, recipients.length),
  };
}

function heldOutRecipient(
  matrix: Matrix,
  recipient: number,
  relevant: ReadonlySet<number>,
  times: Float64Array | undefined,
): HeldOutRecipient {
  const { starts, places, values } = matrix.byRecipient;
  const [from, to] = [starts[recipient], starts[recipient + 1]];
  const ages = times && agesOf(times.subarray(from, to));
  const taste = { places: places.slice(from, to), weights: values.slice(from, to), ...(ages && { ages }) };
  return { taste, relevant };
}

/** How many are later than each; of the same time the one with the higher item is later. */
function agesOf(times: Float64Array): Int32Array {
  const order = Int32Array.from(times.keys()).sort(
    (a, b) => (times[b] as number) - (times[a] as number) || b - a,
  );
  const ages = new Int32Array(times.length);
  order.forEach((i, age) => (ages[i] = age));
  return ages;
}

function sizeOf({ byRecipient: { starts } }: Matrix, recipient: number): number {
  return (starts[recipient + 1] as number) - (starts[recipient] as number);
}

function rowsWhere(isHeldOut: Uint8Array, side: 0 | 1): Int32Array {
  return Int32Array.from(isHeldOut.keys()).filter((row) => isHeldOut[row] === side);
}

function summaryOf(
  matrix: Matrix,
  relevant: ReadonlyMap<number, ReadonlySet<number>>,
  measuredRecipients: number,
): MatrixSummary {
  const filled = ({ starts }: { starts: Int32Array }): number =>
    starts.reduce((count, start, i) => count + (i > 0 && start > (starts[i - 1] as number) ? 1 : 0), 0);
  const [recipients, items] = [filled(matrix.byRecipient), filled(matrix.byItem)];
  const interactions = matrix.byRecipient.places.length;
  const { starts } = matrix.byItem;
  let [heldOut, heldOutUnseen] = [0, 0];
  for (const set of relevant.values()) {
    heldOut += set.size;
    for (const item of set) if (starts[item] === starts[item + 1]) heldOutUnseen += 1;
  }
  return {
    ...{ recipients, items, interactions, density: interactions / Math.max(1, recipients * items) },
    ...{ heldOut, heldOutUnseen, measuredRecipients },
    unknownRecipients: relevant.size - measuredRecipients,
  };
}

import type { Random } from '../../../evaluation/random.js';
import { allRows, drawRows } from '../trees/draw-rows.js';

export interface HeldOut {
  readonly learning: Uint32Array;
  readonly heldOut: Uint32Array;
}

/** With fewer of either label the log loss says more about those few than about the model. */
const fewest = 20;

/** A share of the rows of each label, by chance, to stop early by; nothing where that would be fewer than 20 of either. */
export function holdOut(labels: Uint8Array, share: number, random: Random): HeldOut {
  const rows = allRows(labels.length);
  const byLabel = [0, 1].map((label) => rows.filter((row) => labels[row] === label));
  const sizes = byLabel.map((list) => Math.round(share * list.length));
  if (sizes.some((size) => size < fewest)) return { learning: rows, heldOut: new Uint32Array(0) };
  const parts = byLabel.map((list, label) => drawRows(list, sizes[label] as number, random));
  return {
    learning: inOrder(parts.map(({ others }) => others)),
    heldOut: inOrder(parts.map(({ drawn }) => drawn)),
  };
}

function inOrder(lists: readonly Uint32Array[]): Uint32Array {
  return Uint32Array.from(lists.flatMap((list) => [...list])).sort();
}

import type { Random } from '../../../evaluation/random.js';
import type { FitOptions } from '../estimator.js';
import type { Table } from '../table.js';
import type { BinnedTable } from '../trees/bin-table.js';
import { allRows, drawRows } from '../trees/draw-rows.js';
import { TreeGrower } from '../trees/grow-tree.js';
import type { Tree } from '../trees/tree.js';
import type { LogLoss } from './log-loss.js';
import type { BoostingSettings } from './settings.js';

export interface Material {
  readonly binned: BinnedTable;
  readonly loss: LogLoss;
  readonly learning: Uint32Array;
  readonly heldOut: Uint32Array;
  readonly random: Random;
}

export interface Boosted {
  readonly trees: readonly Tree[];
  /** By binned column, for each tree. */
  readonly gains: readonly Float64Array[];
  /** Log loss of what was held out, before the first tree and after each, also those that are not kept. */
  readonly curve: readonly number[];
}

/** Adds trees until `settings.trees`, or until `patience` of them have not lowered the log loss of what is held out. */
export function boost(
  material: Material,
  table: Table,
  settings: BoostingSettings,
  tell?: FitOptions['tell'],
): Boosted {
  const { binned, loss, heldOut } = material;
  const limits = { ...settings, shrinkage: settings.learningRate };
  const grower = new TreeGrower(binned, limits, directionsOf(binned, table, settings));
  const trees: Tree[] = [];
  const gains: Float64Array[] = [];
  const curve = heldOut.length > 0 ? [loss.mean(heldOut)] : [];
  let best = 0;
  for (let t = 0; t < settings.trees; t++) {
    tell?.(t, settings.trees);
    const { own, followers, columns } = drawLesson(material, settings);
    loss.differentiate(own);
    const grown = grower.grow({ gradients: loss.gradients, own, followers, columns });
    // A tree without a fork knows no more than the share of positives does.
    if (grown.leaves.length === 1) {
      if (settings.rowShare < 1 || settings.columnShare < 1) continue;
      break;
    }
    trees.push(grown.tree);
    gains.push(grown.gain);
    if (heldOut.length === 0 && t === settings.trees - 1) break;
    loss.add(grown.leaves, own, followers);
    if (heldOut.length === 0) continue;
    curve.push(loss.mean(heldOut));
    if ((curve[trees.length] as number) < (curve[best] as number)) best = trees.length;
    if (trees.length - best >= settings.patience) break;
  }
  tell?.(settings.trees, settings.trees);
  const kept = heldOut.length > 0 ? best : trees.length;
  return { trees: trees.slice(0, kept), gains: gains.slice(0, kept), curve };
}

/** The rows and columns that the next tree learns from, and the rows that go along. */
function drawLesson(
  { binned, learning, heldOut, random }: Material,
  { rowShare, columnShare }: BoostingSettings,
) {
  const all = allRows(binned.columns.length);
  const columns =
    columnShare < 1 ? drawRows(all, Math.max(1, Math.round(columnShare * all.length)), random).drawn : all;
  const size = Math.max(1, Math.round(rowShare * learning.length));
  const { drawn, others } =
    rowShare < 1 ? drawRows(learning, size, random) : { drawn: learning.slice(), others: new Uint32Array(0) };
  const followers = new Uint32Array(others.length + heldOut.length);
  followers.set(others);
  followers.set(heldOut, others.length);
  return { own: drawn, followers, columns: Int32Array.from(columns) };
}

function directionsOf(binned: BinnedTable, table: Table, { monotone }: BoostingSettings): Int8Array {
  const signs = { increasing: 1, decreasing: -1 };
  return Int8Array.from(binned.columns, ({ place }) => {
    const direction = monotone[table.columns[place]?.name ?? ''];
    return direction ? signs[direction] : 0;
  });
}

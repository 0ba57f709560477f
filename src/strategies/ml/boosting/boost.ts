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
  /** Log odds of each row held out, by the trees that are kept. */
  readonly heldOutOdds: Float64Array;
  readonly gaveUp: boolean;
}

export interface BoostOptions {
  readonly tell?: FitOptions['tell'];
  /** Told the log loss of what was held out before the first tree and after each: true ends it, and nothing of it is to be used. */
  readonly givesUp?: (logLoss: number) => boolean;
}

/** Adds trees until `settings.trees`, or until `patience` of them have not lowered the log loss of what is held out. */
export function boost(
  material: Material,
  table: Table,
  settings: BoostingSettings,
  { tell, givesUp = () => false }: BoostOptions = {},
): Boosted {
  const { binned, loss, heldOut } = material;
  const limits = { ...settings, shrinkage: settings.learningRate };
  const grower = new TreeGrower(binned, limits, directionsOf(binned, table, settings));
  const trees: Tree[] = [];
  const gains: Float64Array[] = [];
  const watched = new Watched(loss, heldOut);
  let gaveUp = givesUp(watched.logLoss);
  for (let t = 0; t < settings.trees && !gaveUp; t++) {
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
    watched.look();
    if (trees.length - watched.best >= settings.patience) break;
    gaveUp = givesUp(watched.logLoss);
  }
  tell?.(settings.trees, settings.trees);
  const { curve, best, odds: heldOutOdds } = watched;
  const kept = heldOut.length > 0 ? best : trees.length;
  return { trees: trees.slice(0, kept), gains: gains.slice(0, kept), curve, heldOutOdds, gaveUp };
}

/** The rows held out, and how they did at their best. */
class Watched {
  readonly curve: number[] = [];
  /** How many trees there were when the log loss was lowest. */
  best = 0;
  /** By row held out, as they were then. */
  readonly odds: Float64Array;
  private readonly loss: LogLoss;
  private readonly rows: Uint32Array;

  constructor(loss: LogLoss, rows: Uint32Array) {
    [this.loss, this.rows, this.odds] = [loss, rows, new Float64Array(rows.length)];
    if (rows.length > 0) this.look();
  }

  get logLoss(): number {
    return this.curve.at(-1) ?? NaN;
  }

  look(): void {
    const { curve, loss, rows, odds } = this;
    curve.push(loss.mean(rows));
    const isLower = this.logLoss < (curve[this.best] as number);
    if (!isLower && curve.length > 1) return;
    this.best = curve.length - 1;
    for (let i = 0; i < rows.length; i++) odds[i] = loss.logOdds[rows[i] as number] as number;
  }
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

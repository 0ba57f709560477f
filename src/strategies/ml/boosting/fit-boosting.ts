import { type Random, seededRandom } from '../../../evaluation/random.js';
import { refused, refuseToFit, type RefusedFit } from '../check-fit.js';
import type { FitOptions, Fitted } from '../estimator.js';
import { specsOf, type Table } from '../table.js';
import { type BinnedTable, binTable } from '../trees/bin-table.js';
import { allRows, drawRows } from '../trees/draw-rows.js';
import { gainShares } from '../trees/gain-shares.js';
import { TreeGrower } from '../trees/grow-tree.js';
import type { Tree } from '../trees/tree.js';
import { BoostingModel } from './boosting-model.js';
import { holdOut } from './hold-out.js';
import { LogLoss } from './log-loss.js';
import type { BoostingSettings } from './settings.js';

/** See `Estimator.fit`. Stochastic gradient boosting (Friedman 2001, 2002) on histograms (Ke et al. 2017). */
export function fitBoosting(
  table: Table,
  labels: Uint8Array,
  settings: BoostingSettings,
  seed: string,
  options: FitOptions = {},
): Fitted {
  const no = refuseToFit(table, labels, options) ?? refuseMonotone(table, settings);
  if (no) return no;
  const binned = binTable(table, settings.bins);
  const tuned = settings.tuning === 'auto' ? tune(table, binned, labels, settings, seed, options) : undefined;
  const used = tuned?.settings ?? settings;
  const random = seededRandom(`${seed}/boosting`);
  const { learning, heldOut } = holdOut(labels, used.validationShare, random);
  const loss = new LogLoss(labels, options.weights, learning);
  const material = { binned, loss, learning, heldOut, random };
  const { trees, gains, curve } = boost(material, table, used, tuned ? undefined : options.tell);
  const validation = heldOut.length > 0 ? { rows: heldOut.length, logLoss: curve } : null;
  const gain = gainShares(gains, binned, table.columns.length);
  const model = new BoostingModel({ columns: specsOf(table), base: loss.base, trees, gain, validation });
  return { model, ...(tuned && { notes: [tuned.note] }) };
}

/**
 * Sizes of trees among which `auto` chooses, the smallest first: for very little to be told, for some, and for much. Slow steps
 * and half of the columns for each tree suit all three.
 */
const sizes = [
  { maxLeaves: 4, minLeafRows: 200 },
  { maxLeaves: 8, minLeafRows: 200 },
  { maxLeaves: 31, minLeafRows: 20 },
].map((size) => ({ ...size, learningRate: 0.05, columnShare: 0.5, trees: 1_000, patience: 20 }));

/** Rows that are held out in all, where there are as many: fewer tell sizes apart by luck, more take long. */
const enoughHeldOut = 10_000;
const mostRounds = 3;

/**
 * Size and number of trees by the log loss of rows held out inside those learned from, so often that enough have been: the same
 * rows for every size. All rows are learned from afterwards. Undefined where too few can be held out.
 */
function tune(
  table: Table,
  binned: BinnedTable,
  labels: Uint8Array,
  settings: BoostingSettings,
  seed: string,
  { weights, tell }: FitOptions,
): { readonly settings: BoostingSettings; readonly note: string } | undefined {
  const parts = (round: number) =>
    holdOut(labels, settings.validationShare, seededRandom(`${seed}/tuning ${round}`));
  const held = parts(0).heldOut.length;
  if (held === 0) return undefined;
  const rounds = Math.min(mostRounds, Math.ceil(enoughHeldOut / held));
  const tried = sizes.map((size, s) => {
    let [trees, lowest] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      tell?.(s * rounds + round, sizes.length * rounds + 1);
      const { learning, heldOut } = parts(round);
      const random = seededRandom(`${seed}/tuning ${round} ${s}`);
      const loss = new LogLoss(labels, weights, learning);
      const boosted = boost({ binned, loss, learning, heldOut, random }, table, { ...settings, ...size });
      trees += boosted.trees.length / rounds;
      lowest += (boosted.curve[boosted.trees.length] as number) / rounds;
    }
    return { size, trees: Math.max(1, Math.round(trees)), loss: lowest };
  });
  const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
  const { maxLeaves, minLeafRows, learningRate, columnShare } = best.size;
  const chosen = { maxLeaves, minLeafRows, learningRate, columnShare, trees: best.trees, validationShare: 0 };
  return {
    settings: { ...settings, ...chosen },
    note: `Chosen by log loss on rows held out inside those learned from: ${JSON.stringify(chosen)}.`,
  };
}

interface Material {
  readonly binned: BinnedTable;
  readonly loss: LogLoss;
  readonly learning: Uint32Array;
  readonly heldOut: Uint32Array;
  readonly random: Random;
}

interface Boosted {
  readonly trees: readonly Tree[];
  /** By binned column, for each tree. */
  readonly gains: readonly Float64Array[];
  /** Log loss of what was held out, before the first tree and after each, also those that are not kept. */
  readonly curve: readonly number[];
}

function boost(
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

/** A column that is not there may have been left out by a search for features; one of categories has no direction. */
function refuseMonotone(table: Table, { monotone }: BoostingSettings): RefusedFit | undefined {
  const bad = table.columns.find(({ name, type }) => type === 'category' && Object.hasOwn(monotone, name));
  if (!bad) return undefined;
  return refused(
    'unfit_settings',
    `The setting "monotone" names ${bad.name}, a column of categories, which have no direction: leave it out.`,
  );
}

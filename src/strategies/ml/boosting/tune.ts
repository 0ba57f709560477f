import { seededRandom } from '../../../evaluation/random.js';
import type { FitOptions } from '../estimator.js';
import type { Table } from '../table.js';
import type { BinnedTable } from '../trees/bin-table.js';
import { boost } from './boost.js';
import { holdOut } from './hold-out.js';
import { LogLoss } from './log-loss.js';
import type { BoostingSettings } from './settings.js';

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
export function tune(
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

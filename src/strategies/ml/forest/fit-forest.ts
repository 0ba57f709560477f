import { type Random, seededRandom } from '../../../evaluation/random.js';
import { refuseToFit } from '../check-fit.js';
import type { FitOptions, Fitted } from '../estimator.js';
import { meanOne } from '../mean-one.js';
import { specsOf, type Table } from '../table.js';
import { binTable } from '../trees/bin-table.js';
import { allRows, drawRows } from '../trees/draw-rows.js';
import { gainShares } from '../trees/gain-shares.js';
import { TreeGrower } from '../trees/grow-tree.js';
import type { Gradients } from '../trees/histogram.js';
import type { Tree } from '../trees/tree.js';
import { ForestModel } from './forest-model.js';
import { OutOfBagScore } from './out-of-bag.js';
import type { ForestSettings } from './settings.js';

/**
 * See `Estimator.fit`. A random forest (Breiman 2001): each tree on a bootstrap sample, each split among a few columns drawn by
 * chance.
 *
 * Its trees are those of boosting on (y - share)² / 2: gradient share - y and curvature 1, so that the gain is what Gini impurity
 * goes down by, and a leaf is (positives + m share) / (rows + m) with m prior rows: the m-estimate of Provost and Domingos (2003).
 */
export function fitForest(
  table: Table,
  labels: Uint8Array,
  settings: ForestSettings,
  seed: string,
  options: FitOptions = {},
): Fitted {
  const no = refuseToFit(table, labels, options);
  if (no) return no;
  const binned = binTable(table, settings.bins);
  const weights = options.weights ? meanOne(options.weights) : undefined;
  const base = shareOf(labels, weights);
  const limits = {
    ...settings,
    l2: settings.priorRows,
    shrinkage: 1 / settings.trees,
    growth: 'leaf' as const,
  };
  const grower = new TreeGrower(binned, limits, new Int8Array(binned.columns.length));
  const random = seededRandom(`${seed}/forest`);
  const outOfBag = new OutOfBagScore(labels, weights, base, settings.trees);
  const columns = columnDraw(binned.columns.length, settings.columnShare, random);
  const trees: Tree[] = [];
  const gains: Float64Array[] = [];
  for (let t = 0; t < settings.trees; t++) {
    options.tell?.(t, settings.trees);
    const { gradients, own, followers } = bootstrap(labels, weights, base, random);
    const grown = grower.grow({ gradients, own, followers, columns });
    trees.push(grown.tree);
    gains.push(grown.gain);
    outOfBag.add(grown.leaves, followers);
  }
  options.tell?.(settings.trees, settings.trees);
  const gain = gainShares(gains, binned, table.columns.length);
  return {
    model: new ForestModel({ columns: specsOf(table), base, trees, gain, outOfBag: outOfBag.score() }),
  };
}

function shareOf(labels: Uint8Array, weights: Float64Array | undefined): number {
  if (!weights) return labels.reduce((sum, label) => sum + label, 0) / labels.length;
  let [positives, all] = [0, 0];
  weights.forEach((weight, row) => {
    positives += weight * (labels[row] as number);
    all += weight;
  });
  return positives / all;
}

/** As many rows as there are, drawn with replacement: those drawn, weighed by how often, and those that were not. */
function bootstrap(labels: Uint8Array, weights: Float64Array | undefined, base: number, random: Random) {
  const size = labels.length;
  const times = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const row = random.below(size);
    times[row] = (times[row] as number) + 1;
  }
  const gradients: Gradients = new Float64Array(2 * size);
  times.forEach((count, row) => {
    const weight = count * (weights ? (weights[row] as number) : 1);
    gradients[2 * row] = weight * (base - (labels[row] as number));
    gradients[2 * row + 1] = weight;
  });
  const rows = allRows(size);
  return {
    gradients,
    own: rows.filter((row) => (times[row] as number) > 0),
    followers: rows.filter((row) => times[row] === 0),
  };
}

function columnDraw(width: number, share: number | 'sqrt', random: Random): () => Int32Array {
  const size = Math.max(1, Math.round(share === 'sqrt' ? Math.sqrt(width) : share * width));
  const all = allRows(width);
  return () => Int32Array.from(drawRows(all, size, random).drawn);
}

import { auc } from '../../../evaluation/classification/auc.js';
import { logLoss } from '../../../evaluation/classification/mean-loss.js';
import type { GrownLeaf } from '../trees/grow-tree.js';
import { asProbability, type OutOfBag } from './forest-model.js';

/** Adds up, row by row, what the trees say that did not draw it (Breiman 2001, section 3.1). */
export class OutOfBagScore {
  private readonly labels: Uint8Array;
  private readonly weights: Float64Array | undefined;
  private readonly base: number;
  private readonly trees: number;
  private readonly sums: Float64Array;
  private readonly counts: Uint32Array;

  constructor(labels: Uint8Array, weights: Float64Array | undefined, base: number, trees: number) {
    this.labels = labels;
    this.weights = weights;
    this.base = base;
    this.trees = trees;
    this.sums = new Float64Array(labels.length);
    this.counts = new Uint32Array(labels.length);
  }

  /** @param followers the rows that the tree did not draw, in the order in which it left them. */
  add(leaves: readonly GrownLeaf[], followers: Uint32Array): void {
    for (const leaf of leaves) {
      for (let i = leaf.followers.start; i < leaf.followers.end; i++) {
        const row = followers[i] as number;
        this.sums[row] = (this.sums[row] as number) + leaf.value;
        this.counts[row] = (this.counts[row] as number) + 1;
      }
    }
  }

  /** Null where the trees left out no row of one of the labels. */
  score(): OutOfBag | null {
    const rows = [...this.counts.keys()].filter((row) => (this.counts[row] as number) > 0);
    const labels = Uint8Array.from(rows, (row) => this.labels[row] as number);
    const weights = Float64Array.from(rows, (row) => this.weights?.[row] ?? 1);
    const probabilities = Float64Array.from(rows, (row) => this.probabilityOf(row));
    const loss = logLoss(labels, probabilities, weights);
    const area = auc(labels, probabilities, weights);
    if ('refused' in loss || 'refused' in area) return null;
    return { rows: rows.length, logLoss: loss.value, auc: area.value };
  }

  private probabilityOf(row: number): number {
    const mean = ((this.sums[row] as number) * this.trees) / (this.counts[row] as number);
    return asProbability(this.base + mean);
  }
}

import { meanOne } from '../mean-one.js';
import type { GrownLeaf } from '../trees/grow-tree.js';
import type { Gradients } from '../trees/histogram.js';
import { sigmoid } from './boosting-model.js';

/** Where the model is sure, curvature ends here, so that no step is infinite. */
const minCurvature = 1e-16;

/** Log loss of each row as the model stands, with its derivatives by the log odds: p - y and p (1 - p), times the weight. */
export class LogLoss {
  /** Log odds of each row. */
  readonly logOdds: Float64Array;
  readonly gradients: Gradients;
  /** Log odds of the share of positives, which is where boosting begins. */
  readonly base: number;
  private readonly labels: Uint8Array;
  private readonly weights: Float64Array | undefined;

  /** @param weights of any size: only how they compare counts. @param rows that are learned from. */
  constructor(labels: Uint8Array, weights: Float64Array | undefined, rows: Uint32Array) {
    this.labels = labels;
    this.weights = weights && meanOne(weights);
    this.base = this.logOddsOf(rows);
    this.logOdds = new Float64Array(labels.length).fill(this.base);
    this.gradients = new Float64Array(2 * labels.length);
  }

  private weightOf(row: number): number {
    return this.weights ? (this.weights[row] as number) : 1;
  }

  private logOddsOf(rows: Uint32Array): number {
    const sums: [number, number] = [0, 0];
    for (const row of rows) sums[this.labels[row] as 0 | 1] += this.weightOf(row);
    return Math.log(sums[1] / sums[0]);
  }

  /** Works out the gradients of these rows anew. */
  differentiate(rows: Uint32Array): void {
    const { gradients, logOdds, labels, weights } = this;
    for (const row of rows) {
      const p = sigmoid(logOdds[row] as number);
      const weight = weights ? (weights[row] as number) : 1;
      gradients[2 * row] = weight * (p - (labels[row] as number));
      gradients[2 * row + 1] = weight * Math.max(minCurvature, p * (1 - p));
    }
  }

  /** Adds the leaves of a tree to the rows in them. */
  add(leaves: readonly GrownLeaf[], own: Uint32Array, followers: Uint32Array): void {
    const { logOdds } = this;
    for (const leaf of leaves) {
      for (let i = leaf.own.start; i < leaf.own.end; i++) {
        const row = own[i] as number;
        logOdds[row] = (logOdds[row] as number) + leaf.value;
      }
      for (let i = leaf.followers.start; i < leaf.followers.end; i++) {
        const row = followers[i] as number;
        logOdds[row] = (logOdds[row] as number) + leaf.value;
      }
    }
  }

  /** Mean over some rows, by their weights. */
  mean(rows: Uint32Array): number {
    let [sum, total] = [0, 0];
    for (const row of rows) {
      const p = sigmoid(this.logOdds[row] as number);
      sum -= this.weightOf(row) * Math.log(this.labels[row] === 1 ? p : 1 - p);
      total += this.weightOf(row);
    }
    return sum / total;
  }
}

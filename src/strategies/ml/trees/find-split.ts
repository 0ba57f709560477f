import type { BinnedColumn } from './bin-table.js';
import { perBin, perColumn } from './histogram.js';

/** Sums over rows: of gradients, of curvatures, and their number. */
export interface Sums {
  readonly gradient: number;
  readonly curvature: number;
  readonly rows: number;
}

export interface SplitLimits {
  readonly minLeafRows: number;
  readonly l2: number;
  /** Added to the curvature of a category before categories are put in order: small ones come to the middle. */
  readonly categorySmoothing: number;
  /** Categories with fewer rows in a node go where what is missing goes. */
  readonly minCategoryRows: number;
}

/** What a node may answer, so that the whole stays monotone. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

export const unbounded: Bounds = { lower: -Infinity, upper: Infinity };

export interface Split {
  /** Place in the binned columns. */
  readonly column: number;
  /** How much of the loss it takes away, times two; above 0. */
  readonly gain: number;
  /** 1 for each bin that goes the first way, that of what is missing included. */
  readonly goesFirst: Uint8Array;
  /** Among numbers, the last bin that goes the first way. */
  readonly lastBin: number;
  readonly missing: 0 | 1;
  readonly sums: readonly [Sums, Sums];
}

/** Curvature without which a leaf has no sensible value: where the model is sure, no single row may make it surer. */
const minCurvature = 1e-3;
/** Relative to what the node already explains: less is rounding. */
const minGain = 1e-10;

/** -G / (H + l2), brought within the bounds (Friedman 2001; Chen and Guestrin 2016, eq. 5). */
export function leafValue({ gradient, curvature }: Sums, l2: number, bounds: Bounds): number {
  return Math.min(bounds.upper, Math.max(bounds.lower, -gradient / (curvature + l2)));
}

/** What a leaf with this value takes away from the loss, times two: of the best value, G² / (H + l2). */
function worth(gradient: number, curvature: number, l2: number, value: number): number {
  return -value * (2 * gradient + (curvature + l2) * value);
}

/** Finds the best split of a node in its histogram. Reuses its buffers: for one node at a time. */
export class SplitFinder {
  private readonly columns: readonly BinnedColumn[];
  private readonly limits: SplitLimits;
  /** For each column: 1 increasing, -1 decreasing, 0 as it comes. */
  private readonly monotone: Int8Array;
  private readonly isMonotone: boolean;
  /** Bins of the column that is looked at, in the order in which they are cut. */
  private readonly order = new Uint8Array(256);
  private readonly rank = new Float64Array(256);
  private readonly best = { column: -1, gain: 0, length: 0, missing: 1 as 0 | 1 };

  constructor(columns: readonly BinnedColumn[], limits: SplitLimits, monotone: Int8Array) {
    this.columns = columns;
    this.limits = limits;
    this.monotone = monotone;
    this.isMonotone = monotone.some((sign) => sign !== 0);
  }

  /** The best one among these columns; of equally good ones the first; undefined where none gains anything. */
  find(histogram: Float64Array, sums: Sums, bounds: Bounds, chosen: Int32Array): Split | undefined {
    const { l2 } = this.limits;
    const own = worth(sums.gradient, sums.curvature, l2, leafValue(sums, l2, bounds));
    const least = minGain * (1 + Math.abs(own));
    this.best.column = -1;
    this.best.gain = least;
    for (const column of chosen) {
      const length = this.putInOrder(histogram, column);
      const missing = this.leftOver(histogram, column, sums, length);
      this.scan(histogram, column, length, sums, bounds, own, missing, 1);
      if (missing.rows > 0) this.scan(histogram, column, length, sums, bounds, own, missing, 0);
    }
    return this.best.column < 0 ? undefined : this.splitOf(histogram, sums);
  }

  /** Numbers as they are, categories by their mean gradient (Fisher 1958): no other order has a better cut. */
  private putInOrder(histogram: Float64Array, column: number): number {
    const { bins, edges } = this.columns[column] as BinnedColumn;
    const { order, rank } = this;
    if (edges) {
      for (let bin = 0; bin < bins; bin++) order[bin] = bin;
      return bins;
    }
    let length = 0;
    for (let bin = 0, at = column * perColumn; bin < bins; bin++, at += perBin) {
      if ((histogram[at + 2] as number) < this.limits.minCategoryRows) continue;
      rank[bin] = (histogram[at] as number) / ((histogram[at + 1] as number) + this.limits.categorySmoothing);
      order[length++] = bin;
    }
    order.subarray(0, length).sort((a, b) => (rank[a] as number) - (rank[b] as number) || a - b);
    return length;
  }

  /** What is missing, and categories that are too rare to be put in order. */
  private leftOver(histogram: Float64Array, column: number, sums: Sums, length: number): Sums {
    const { bins, edges } = this.columns[column] as BinnedColumn;
    const base = column * perColumn;
    if (edges) return sumsAt(histogram, base + bins * perBin);
    let { gradient, curvature, rows } = sums;
    for (let i = 0; i < length; i++) {
      const known = sumsAt(histogram, base + (this.order[i] as number) * perBin);
      gradient -= known.gradient;
      curvature -= known.curvature;
      rows -= known.rows;
    }
    return { gradient, curvature, rows };
  }

  /** Looks at every cut of the order, with what is missing on one side, and keeps the best. */
  private scan(
    histogram: Float64Array,
    column: number,
    length: number,
    sums: Sums,
    bounds: Bounds,
    own: number,
    missing: Sums,
    way: 0 | 1,
  ): void {
    const { order, best } = this;
    const { l2, minLeafRows } = this.limits;
    const base = column * perColumn;
    let gradient = way === 0 ? missing.gradient : 0;
    let curvature = way === 0 ? missing.curvature : 0;
    let rows = way === 0 ? missing.rows : 0;
    // All that is known against what is missing is a cut as well, but once is enough.
    const last = way === 1 && missing.rows > 0 ? length : length - 1;
    for (let i = 0; i < last; i++) {
      const at = base + (order[i] as number) * perBin;
      const inBin = histogram[at + 2] as number;
      if (inBin === 0) continue;
      gradient += histogram[at] as number;
      curvature += histogram[at + 1] as number;
      rows += inBin;
      if (rows < minLeafRows || curvature < minCurvature) continue;
      const otherCurvature = sums.curvature - curvature;
      if (sums.rows - rows < minLeafRows || otherCurvature < minCurvature) break;
      const other = sums.gradient - gradient;
      const gain =
        (this.isMonotone
          ? this.boundedWorth(column, bounds, gradient, curvature, other, otherCurvature)
          : (gradient * gradient) / (curvature + l2) + (other * other) / (otherCurvature + l2)) - own;
      if (gain > best.gain) {
        best.gain = gain;
        best.column = column;
        best.length = i + 1;
        best.missing = way;
      }
    }
  }

  /** With both values within the bounds of the node; nothing where they go against the direction of the column. */
  private boundedWorth(
    column: number,
    bounds: Bounds,
    gradient: number,
    curvature: number,
    other: number,
    otherCurvature: number,
  ): number {
    const { l2 } = this.limits;
    const value = leafValue({ gradient, curvature, rows: 0 }, l2, bounds);
    const second = leafValue({ gradient: other, curvature: otherCurvature, rows: 0 }, l2, bounds);
    if ((second - value) * (this.monotone[column] as number) < 0) return -Infinity;
    return worth(gradient, curvature, l2, value) + worth(other, otherCurvature, l2, second);
  }

  private splitOf(histogram: Float64Array, sums: Sums): Split {
    const { column, gain, length, missing: way } = this.best;
    const spec = this.columns[column] as BinnedColumn;
    const ordered = this.putInOrder(histogram, column);
    const missing = this.leftOver(histogram, column, sums, ordered);
    const firsts = this.order.subarray(0, length);
    const known = firsts.reduce(
      (sum, bin) => plus(sum, sumsAt(histogram, column * perColumn + bin * perBin)),
      none,
    );
    const first = way === 0 ? plus(known, missing) : known;
    const second = minus(sums, first);
    // Where nothing is missing, what will be goes with the majority.
    const missingWay = missing.rows > 0 ? way : first.rows >= second.rows ? 0 : 1;
    const goesFirst = new Uint8Array(256).fill(1 - missingWay);
    this.order.subarray(0, ordered).forEach((bin, i) => (goesFirst[bin] = i < length ? 1 : 0));
    return {
      column,
      gain,
      goesFirst,
      lastBin: spec.edges ? (firsts.at(-1) as number) : -1,
      missing: missingWay,
      sums: [first, second],
    };
  }
}

const none: Sums = { gradient: 0, curvature: 0, rows: 0 };

const sumsAt = (histogram: Float64Array, at: number): Sums => ({
  gradient: histogram[at] as number,
  curvature: histogram[at + 1] as number,
  rows: histogram[at + 2] as number,
});

const plus = (a: Sums, b: Sums): Sums => ({
  gradient: a.gradient + b.gradient,
  curvature: a.curvature + b.curvature,
  rows: a.rows + b.rows,
});

const minus = (a: Sums, b: Sums): Sums => ({
  gradient: a.gradient - b.gradient,
  curvature: a.curvature - b.curvature,
  rows: a.rows - b.rows,
});

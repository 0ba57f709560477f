import type { BinnedColumn, BinnedTable } from './bin-table.js';
import {
  type Bounds,
  leafValue,
  type Split,
  SplitFinder,
  type SplitLimits,
  type Sums,
} from './find-split.js';
import { unbounded } from './find-split.js';
import { fillColumns, fillHistogram, type Gradients, subtractHistogram } from './histogram.js';
import { HistogramPool } from './histogram-pool.js';
import { type Range, splitRows } from './split-rows.js';
import type { Fork, Tree, TreeNode } from './tree.js';

export interface GrowthLimits extends SplitLimits {
  /** The leaf that gains most is split next, or the one that lies highest. */
  readonly growth: 'leaf' | 'depth';
  readonly maxLeaves: number;
  readonly maxDepth: number;
  /** What leaf values are multiplied with. */
  readonly shrinkage: number;
}

/** What one tree learns from. */
export interface Lesson {
  readonly gradients: Gradients;
  /** Rows that it learns from; put in order by leaf. */
  readonly own: Uint32Array;
  /** Rows that only go along, to learn in which leaf they come; put in order as well. */
  readonly followers: Uint32Array;
  /** The binned columns that it may be split on, ascending; or a new draw for every node. */
  readonly columns: Int32Array | (() => Int32Array);
}

export interface Grown {
  readonly tree: Tree;
  readonly leaves: readonly GrownLeaf[];
  /** By binned column, how much of the loss its splits took away, times two. */
  readonly gain: Float64Array;
}

/** Its value, and where its rows stand in the two lists. */
export interface GrownLeaf {
  readonly value: number;
  readonly own: Range;
  readonly followers: Range;
}

/** Grows trees on one table, one after the other, in buffers that all of them share. */
export class TreeGrower {
  readonly table: BinnedTable;
  readonly limits: GrowthLimits;
  /** For each binned column: 1 increasing, -1 decreasing, 0 as it comes. */
  readonly monotone: Int8Array;
  readonly finder: SplitFinder;
  readonly pool: HistogramPool;
  readonly spare: Uint32Array;

  constructor(table: BinnedTable, limits: GrowthLimits, monotone: Int8Array) {
    this.table = table;
    this.limits = limits;
    this.monotone = monotone;
    this.finder = new SplitFinder(table.columns, limits, monotone);
    this.pool = new HistogramPool(table.columns.length);
    this.spare = new Uint32Array(table.rows);
  }

  grow(lesson: Lesson): Grown {
    return new Growth(this, lesson).run();
  }
}

interface Leaf {
  /** Place among the nodes. */
  readonly node: number;
  readonly depth: number;
  readonly own: Range;
  readonly followers: Range;
  readonly sums: Sums;
  readonly bounds: Bounds;
}

/** A leaf that can be split. */
interface OpenLeaf extends Leaf {
  readonly split: Split;
  /** Kept where all nodes look at the same columns: one of its ways is had by subtraction. */
  readonly histogram: Float64Array | undefined;
}

/** One tree while it grows. */
class Growth {
  private readonly grower: TreeGrower;
  private readonly lesson: Lesson;
  private readonly nodes: TreeNode[] = [0];
  private readonly open: OpenLeaf[] = [];
  private readonly closed: Leaf[] = [];
  private readonly gain: Float64Array;

  constructor(grower: TreeGrower, lesson: Lesson) {
    this.grower = grower;
    this.lesson = lesson;
    this.gain = new Float64Array(grower.table.columns.length);
  }

  run(): Grown {
    this.plant();
    for (let leaf = this.next(); leaf; leaf = this.next()) this.split(leaf);
    for (const { histogram } of this.open) this.grower.pool.give(histogram);
    const leaves = [...this.closed, ...this.open].map((leaf) => ({ ...leaf, value: this.valueOf(leaf) }));
    for (const { node, value } of leaves) this.nodes[node] = value;
    return { tree: this.nodes, leaves, gain: this.gain };
  }

  private plant(): void {
    const { gradients, own, followers } = this.lesson;
    const root: Leaf = {
      node: 0,
      depth: 0,
      own: { start: 0, end: own.length },
      followers: { start: 0, end: followers.length },
      sums: sumsOf(gradients, own),
      bounds: unbounded,
    };
    if (this.mayBeSplit(root, 1)) this.look(root, undefined);
    else this.closed.push(root);
  }

  /** The leaf that is split next; none where the tree is as large as it may be. */
  private next(): OpenLeaf | undefined {
    if (this.open.length + this.closed.length >= this.grower.limits.maxLeaves) return undefined;
    const byDepth = this.grower.limits.growth === 'depth';
    let best = 0;
    for (let i = 1; i < this.open.length; i++) {
      const [one, other] = [this.open[i] as OpenLeaf, this.open[best] as OpenLeaf];
      // Nodes are numbered in the order in which they come, which is by depth where the highest is split first.
      if (byDepth ? one.node < other.node : one.split.gain > other.split.gain) best = i;
    }
    return this.open.splice(best, 1)[0];
  }

  private split(leaf: OpenLeaf): void {
    const { column, gain, goesFirst, sums } = leaf.split;
    const { table, spare } = this.grower;
    const { own, followers } = this.lesson;
    const ownCut = splitRows(table, column, goesFirst, own, leaf.own, spare);
    const followersCut = splitRows(table, column, goesFirst, followers, leaf.followers, spare);
    this.gain[column] = (this.gain[column] as number) + gain;
    const first = this.nodes.length;
    this.nodes[leaf.node] = forkOf(leaf.split, table.columns[column] as BinnedColumn, first);
    this.nodes.push(0, 0);
    const bounds = this.boundsOf(leaf);
    const wayOf = (way: 0 | 1): Leaf => ({
      node: first + way,
      depth: leaf.depth + 1,
      own: partOf(leaf.own, ownCut, way),
      followers: partOf(leaf.followers, followersCut, way),
      sums: sums[way],
      bounds: bounds[way],
    });
    this.add(leaf, [wayOf(0), wayOf(1)]);
  }

  /** Both ways of a leaf: the smaller one's histogram is filled from its rows, and subtracted from that of the leaf for the larger. */
  private add({ histogram }: OpenLeaf, ways: readonly [Leaf, Leaf]): void {
    const { pool } = this.grower;
    const leaves = this.open.length + this.closed.length + 2;
    const needed = ways.map((leaf) => this.mayBeSplit(leaf, leaves));
    const small = ways[0].sums.rows <= ways[1].sums.rows ? 0 : 1;
    const filled = histogram && needed.includes(true) ? this.fill(ways[small]) : undefined;
    if (histogram && filled) subtractHistogram(histogram, filled);
    ways.forEach((leaf, way) => {
      const own = way === small ? filled : histogram;
      if (needed[way]) {
        this.look(leaf, own);
      } else {
        pool.give(own);
        this.closed.push(leaf);
      }
    });
  }

  /** Keeps a leaf as one to be split, if a split gains anything. */
  private look(leaf: Leaf, given: Float64Array | undefined): void {
    const { pool, finder } = this.grower;
    const { columns } = this.lesson;
    const isDrawn = typeof columns === 'function';
    const chosen = isDrawn ? columns() : columns;
    const histogram = given ?? this.fill(leaf, chosen);
    const split = finder.find(histogram, leaf.sums, leaf.bounds, chosen);
    if (isDrawn || !split) pool.give(histogram);
    if (split) this.open.push({ ...leaf, split, histogram: isDrawn ? undefined : histogram });
    else this.closed.push(leaf);
  }

  private fill(leaf: Leaf, chosen?: Int32Array): Float64Array {
    const { table, pool } = this.grower;
    const { gradients, own, columns } = this.lesson;
    const wanted = chosen ?? (columns as Int32Array);
    const histogram = pool.take();
    if (wanted.length === table.columns.length) fillHistogram(histogram, table, gradients, own, leaf.own);
    else fillColumns(histogram, table, gradients, own, leaf.own, wanted);
    return histogram;
  }

  /** @param leaves that there are then. */
  private mayBeSplit({ sums, depth }: Leaf, leaves: number): boolean {
    const { maxLeaves, maxDepth, minLeafRows } = this.grower.limits;
    return leaves < maxLeaves && depth < maxDepth && sums.rows >= 2 * minLeafRows;
  }

  /** Where a column is to go one way, the values of both ways, and of all that comes of them, meet in the middle at most. */
  private boundsOf({ split, bounds }: OpenLeaf): readonly [Bounds, Bounds] {
    const direction = this.grower.monotone[split.column] as number;
    if (direction === 0) return [bounds, bounds];
    const { l2 } = this.grower.limits;
    const middle = leafValue(split.sums[0], l2, bounds) / 2 + leafValue(split.sums[1], l2, bounds) / 2;
    const low = { lower: bounds.lower, upper: middle };
    const high = { lower: middle, upper: bounds.upper };
    return direction > 0 ? [low, high] : [high, low];
  }

  /** Rounded to eight digits, because models are kept as text; rounding keeps the order of values. */
  private valueOf({ sums, bounds }: Leaf): number {
    const { l2, shrinkage } = this.grower.limits;
    return Number((leafValue(sums, l2, bounds) * shrinkage).toPrecision(8)) + 0;
  }
}

function sumsOf(gradients: Gradients, rows: Uint32Array): Sums {
  let [gradient, curvature] = [0, 0];
  for (const row of rows) {
    gradient += gradients[2 * row] as number;
    curvature += gradients[2 * row + 1] as number;
  }
  return { gradient, curvature, rows: rows.length };
}

const partOf = ({ start, end }: Range, cut: number, way: 0 | 1): Range =>
  way === 0 ? { start, end: cut } : { start: cut, end };

function forkOf({ goesFirst, lastBin, missing }: Split, column: BinnedColumn, first: number): Fork {
  const { edges, categories, place } = column;
  if (edges) return { column: place, cut: edges[lastBin] ?? Number.MAX_VALUE, first, missing };
  const cut = [...(categories as Int32Array)].filter((_, bin) => goesFirst[bin] === missing);
  return { column: place, cut, first, missing };
}

import type { Column, ColumnSpec, Table } from '../table.js';
import type { Fork, Tree } from './tree.js';

/**
 * Trees laid out for scoring: flat lists over all nodes of all trees, and rows laid out so that no comparison has to ask whether
 * something is missing. Each column of a row stands there twice, with what is missing below everything and above everything, and a
 * fork reads the one that sends it the right way.
 */
export class TreeScorer {
  private readonly columns: readonly ColumnSpec[];
  /** As many as trees, filled up with a leaf of 0 to a multiple of four. */
  private readonly roots: Int32Array;
  /** What a fork reads of a row, and the place of its first way, side by side. A leaf has itself there. */
  private readonly forks: Int32Array;
  /** NaN where categories are cut, infinite in leaves. */
  private readonly cuts: Float64Array;
  /** Of leaves. */
  private readonly values: Float64Array;
  /** By node, where it cuts categories: where its part of `ways` begins. */
  private readonly starts: Int32Array;
  /** By category and, last, for what is missing: 0 for the first way, 1 for the second. */
  private readonly ways: Uint8Array;

  /** @param columns of the tables that are scored. */
  constructor(trees: readonly Tree[], columns: readonly ColumnSpec[]) {
    const size = trees.reduce((sum, tree) => sum + tree.length, 0);
    this.columns = columns;
    this.roots = new Int32Array(4 * Math.ceil(trees.length / 4)).fill(size);
    this.forks = new Int32Array(2 * (size + 1));
    this.cuts = new Float64Array(size + 1);
    this.values = new Float64Array(size + 1);
    this.starts = new Int32Array(size + 1);
    const ways: number[] = [];
    let at = 0;
    trees.forEach((tree, t) => {
      this.roots[t] = at;
      tree.forEach((node, place) => {
        if (typeof node === 'number') this.placeLeaf(node, at + place);
        else this.placeFork(node, at, at + place, ways);
      });
      at += tree.length;
    });
    this.placeLeaf(0, size);
    this.ways = Uint8Array.from(ways);
  }

  private placeLeaf(value: number, at: number): void {
    this.values[at] = value;
    this.cuts[at] = Infinity;
    this.forks[2 * at + 1] = at;
  }

  private placeFork(fork: Fork, root: number, at: number, ways: number[]): void {
    this.forks[2 * at] = 2 * fork.column + fork.missing;
    this.forks[2 * at + 1] = root + fork.first;
    if (typeof fork.cut === 'number') {
      this.cuts[at] = fork.cut;
      return;
    }
    this.cuts[at] = NaN;
    this.starts[at] = ways.length;
    const set = new Set(fork.cut);
    for (let code = 0; code <= categoriesOf(this.columns[fork.column]); code++) {
      ways.push(set.has(code) ? 1 - fork.missing : fork.missing);
    }
  }

  /** For each row, the sum of the leaves it comes to, added to `base` tree by tree. */
  sums(table: Table, base: number): Float64Array {
    const sums = new Float64Array(table.rows).fill(base);
    const width = 2 * table.columns.length;
    const block = new Float64Array(Math.min(blockRows, table.rows) * width);
    for (let start = 0; start < table.rows; start += blockRows) {
      const rows = Math.min(blockRows, table.rows - start);
      table.columns.forEach((column, c) => layOut(column, start, rows, block, 2 * c, width));
      this.addTrees(block, width, sums, start, rows);
    }
    return sums;
  }

  /** Four trees at a time: while the processor waits for a node of one, it goes on with the others. */
  private addTrees(
    block: Float64Array,
    width: number,
    sums: Float64Array,
    start: number,
    rows: number,
  ): void {
    const { roots, values } = this;
    for (let t = 0; t < roots.length; t += 4) {
      for (let r = 0, from = 0; r < rows; r++, from += width) {
        let a = roots[t] as number;
        let b = roots[t + 1] as number;
        let c = roots[t + 2] as number;
        let d = roots[t + 3] as number;
        for (let moved = 1; moved !== 0;) {
          const [nextA, nextB] = [this.next(a, block, from), this.next(b, block, from)];
          const [nextC, nextD] = [this.next(c, block, from), this.next(d, block, from)];
          moved = (nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d);
          [a, b, c, d] = [nextA, nextB, nextC, nextD];
        }
        // One after the other: rounding is then the same however many rows are scored.
        let sum = sums[start + r] as number;
        sum += values[a] as number;
        sum += values[b] as number;
        sum += values[c] as number;
        sum += values[d] as number;
        sums[start + r] = sum;
      }
    }
  }

  /** The way that a row goes from a node; a leaf leads to itself. */
  private next(node: number, block: Float64Array, from: number): number {
    const value = block[from + (this.forks[2 * node] as number)] as number;
    const first = this.forks[2 * node + 1] as number;
    const cut = this.cuts[node] as number;
    // A number, not a branch: the processor would guess wrong at every second fork.
    if (cut === cut) return first + Number(value > cut);
    return first + (this.ways[(this.starts[node] as number) + value] as number);
  }
}

/** So many rows that their values and one tree stay in the cache together. */
const blockRows = 64;

const categoriesOf = (spec: ColumnSpec | undefined): number =>
  spec?.type === 'category' ? spec.categories.length : 0;

/** One column of some rows, into a block of values row by row. */
function layOut(
  column: Column,
  start: number,
  rows: number,
  block: Float64Array,
  at: number,
  width: number,
): void {
  if (column.type === 'number') {
    const { values } = column;
    for (let r = 0, i = at; r < rows; r++, i += width) {
      const value = values[start + r] as number;
      const isKnown = Number.isFinite(value);
      block[i] = isKnown ? value : -Infinity;
      block[i + 1] = isKnown ? value : Infinity;
    }
    return;
  }
  const { codes, categories } = column;
  for (let r = 0, i = at; r < rows; r++, i += width) {
    const code = codes[start + r] as number;
    const known = code >= 0 && code < categories.length ? code : categories.length;
    block[i] = known;
    block[i + 1] = known;
  }
}

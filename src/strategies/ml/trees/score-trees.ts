import type { Column, Table } from '../table.js';
import type { Tree } from './tree.js';

/**
 * Trees laid out for scoring: flat lists over all nodes of all trees. A row is compared with numbers only; categories are found
 * where the comparison with NaN, which their cut is, comes out neither way.
 */
export class TreeScorer {
  private readonly roots: Int32Array;
  /** Column, and place of the first way, of each node side by side; a leaf has 0 for the latter, which is nobody's way. */
  private readonly forks: Int32Array;
  /** Cuts of forks, values of leaves. */
  private readonly numbers: Float64Array;
  private readonly missing: Uint8Array;
  /** By node, where it cuts categories: 1 for those that go the way that what is missing does not go. */
  private readonly sets = new Map<number, Uint8Array>();

  constructor(trees: readonly Tree[]) {
    const size = trees.reduce((sum, tree) => sum + tree.length, 0);
    this.roots = new Int32Array(trees.length);
    this.forks = new Int32Array(2 * size);
    this.numbers = new Float64Array(size);
    this.missing = new Uint8Array(size);
    let at = 0;
    trees.forEach((tree, t) => {
      this.roots[t] = at;
      tree.forEach((node, place) => this.place(node, at, at + place));
      at += tree.length;
    });
  }

  private place(node: Tree[number], root: number, at: number): void {
    if (typeof node === 'number') {
      this.numbers[at] = node;
      return;
    }
    this.forks[2 * at] = node.column;
    this.forks[2 * at + 1] = root + node.first;
    this.missing[at] = node.missing;
    if (typeof node.cut === 'number') {
      this.numbers[at] = node.cut;
      return;
    }
    this.numbers[at] = NaN;
    const set = new Uint8Array(1 + Math.max(-1, ...node.cut));
    for (const code of node.cut) set[code] = 1;
    this.sets.set(at, set);
  }

  /** For each row, the sum of the leaves it comes to, added to `base` tree by tree. */
  sums(table: Table, base: number): Float64Array {
    const sums = new Float64Array(table.rows).fill(base);
    const width = table.columns.length;
    const block = new Float64Array(Math.min(blockRows, table.rows) * width);
    for (let start = 0; start < table.rows; start += blockRows) {
      const rows = Math.min(blockRows, table.rows - start);
      table.columns.forEach((column, c) => layOut(column, start, rows, block, c, width));
      for (const root of this.roots) this.addTree(root, block, width, rows, sums, start);
    }
    return sums;
  }

  private addTree(
    root: number,
    block: Float64Array,
    width: number,
    rows: number,
    sums: Float64Array,
    start: number,
  ): void {
    const { forks, numbers } = this;
    for (let r = 0; r < rows; r++) {
      const from = r * width;
      let node = root;
      let first = forks[2 * node + 1] as number;
      while (first !== 0) {
        const value = block[from + (forks[2 * node] as number)] as number;
        const cut = numbers[node] as number;
        node = value <= cut ? first : value > cut ? first + 1 : first + this.otherWay(node, value);
        first = forks[2 * node + 1] as number;
      }
      sums[start + r] = (sums[start + r] as number) + (numbers[node] as number);
    }
  }

  /** Of what is missing, and of categories. */
  private otherWay(node: number, value: number): number {
    const missing = this.missing[node] as number;
    return this.sets.get(node)?.[value] === 1 ? 1 - missing : missing;
  }
}

/** So many rows that their values and one tree stay in the cache together. */
const blockRows = 128;

/** One column of some rows, into a block of values row by row; NaN where it is missing. */
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
      block[i] = Number.isFinite(value) ? value : NaN;
    }
    return;
  }
  const { codes, categories } = column;
  for (let r = 0, i = at; r < rows; r++, i += width) {
    const code = codes[start + r] as number;
    block[i] = code >= 0 && code < categories.length ? code : NaN;
  }
}

import type { Column, ColumnSpec, Table } from '../table.js';
import type { Fork, Tree } from './tree.js';

/**
 * Trees laid out for scoring: flat lists over all nodes of all trees, and rows laid out so that no comparison has to ask whether
 * something is missing. Each column of a row stands there twice, with what is missing below everything and above everything, and a
 * fork reads the one that sends it the right way.
 */
export class TreeScorer {
  private readonly columns: readonly ColumnSpec[];
  private readonly roots: Int32Array;
  /** What a fork reads of a row, and the place of its first way, side by side; a leaf has 0 for that, which is nobody's way. */
  private readonly forks: Int32Array;
  /** Cuts of forks, NaN where they cut categories; values of leaves. */
  private readonly numbers: Float64Array;
  /** By node, where it cuts categories: where its part of `ways` begins. */
  private readonly starts: Int32Array;
  /** By category and, last, for what is missing: 0 for the first way, 1 for the second. */
  private readonly ways: Uint8Array;

  /** @param columns of the tables that are scored. */
  constructor(trees: readonly Tree[], columns: readonly ColumnSpec[]) {
    const size = trees.reduce((sum, tree) => sum + tree.length, 0);
    this.columns = columns;
    this.roots = new Int32Array(trees.length);
    this.forks = new Int32Array(2 * size);
    this.numbers = new Float64Array(size);
    this.starts = new Int32Array(size);
    const ways: number[] = [];
    let at = 0;
    trees.forEach((tree, t) => {
      this.roots[t] = at;
      tree.forEach((node, place) => {
        if (typeof node === 'number') this.numbers[at + place] = node;
        else this.place(node, at, at + place, ways);
      });
      at += tree.length;
    });
    this.ways = Uint8Array.from(ways);
  }

  private place(fork: Fork, root: number, at: number, ways: number[]): void {
    this.forks[2 * at] = 2 * fork.column + fork.missing;
    this.forks[2 * at + 1] = root + fork.first;
    if (typeof fork.cut === 'number') {
      this.numbers[at] = fork.cut;
      return;
    }
    this.numbers[at] = NaN;
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

  private addTrees(
    block: Float64Array,
    width: number,
    sums: Float64Array,
    start: number,
    rows: number,
  ): void {
    const { forks, numbers, starts, ways, roots } = this;
    for (const root of roots) {
      for (let r = 0, from = 0; r < rows; r++, from += width) {
        let node = root;
        let first = forks[2 * node + 1] as number;
        while (first !== 0) {
          const value = block[from + (forks[2 * node] as number)] as number;
          const cut = numbers[node] as number;
          // A number, not a branch: the processor would guess wrong at every second fork.
          node =
            first + (cut === cut ? Number(value > cut) : (ways[(starts[node] as number) + value] as number));
          first = forks[2 * node + 1] as number;
        }
        sums[start + r] = (sums[start + r] as number) + (numbers[node] as number);
      }
    }
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

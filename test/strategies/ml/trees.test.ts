import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { seededRandom } from '../../../src/evaluation/random.js';
import type { Column, Table } from '../../../src/strategies/ml/table.js';
import { type BinnedTable, binTable, shiftOf, wordOf } from '../../../src/strategies/ml/trees/bin-table.js';
import { drawRows } from '../../../src/strategies/ml/trees/draw-rows.js';
import { SplitFinder, unbounded } from '../../../src/strategies/ml/trees/find-split.js';
import { type GrowthLimits, TreeGrower } from '../../../src/strategies/ml/trees/grow-tree.js';
import { fillColumns, fillHistogram, perBin, perColumn } from '../../../src/strategies/ml/trees/histogram.js';
import { TreeScorer } from '../../../src/strategies/ml/trees/score-trees.js';
import { treeFromJson } from '../../../src/strategies/ml/trees/tree-json.js';
import { numbers, tableOf } from './number-tables.js';

const binAt = ({ words, wordsPerRow }: BinnedTable, row: number, column: number): number =>
  (words[row * wordsPerRow + wordOf(column)]! >>> shiftOf(column)) & 255;

describe('histograms', () => {
  test('hold the sums of all rows of a list, column by column, however many columns there are', () => {
    for (let width = 1; width <= 9; width++) {
      const random = seededRandom(`histogram ${width}`);
      const table = tableOf(
        ...Array.from({ length: width }, (_, c) =>
          numbers(
            `c${c}`,
            Array.from({ length: 60 }, () => (random.next() < 0.2 ? NaN : random.below(5))),
          ),
        ),
      );
      const binned = binTable(table, 255);
      const gradients = Float64Array.from({ length: 120 }, () => random.below(100));
      const rows = Uint32Array.from([3, 3, 0, 59, 17, 20, 21, 5]);
      const naive = new Float64Array(width * perColumn);
      for (const row of rows.subarray(1, 7)) {
        for (let c = 0; c < width; c++) {
          const at = c * perColumn + binAt(binned, row, c) * perBin;
          naive[at]! += gradients[2 * row]!;
          naive[at + 1]! += gradients[2 * row + 1]!;
          naive[at + 2]! += 1;
        }
      }
      const filled = new Float64Array(width * perColumn).fill(7);
      fillHistogram(filled, binned, gradients, rows, { start: 1, end: 7 });
      expect(filled).toEqual(naive);
      const chosen = Int32Array.of(width - 1);
      fillColumns(filled.fill(7), binned, gradients, rows, { start: 1, end: 7 }, chosen);
      expect(filled.subarray(-perColumn)).toEqual(naive.subarray(-perColumn));
    }
  });
});

/** Labels less a half as gradients, curvature 1: what a split gains is then easy to work out by hand. */
function gradientsOf(labels: readonly number[]): Float64Array {
  return Float64Array.from(labels.flatMap((label) => [0.5 - label, 1]));
}

const limits: GrowthLimits = {
  growth: 'leaf',
  maxLeaves: 8,
  maxDepth: 64,
  minLeafRows: 1,
  l2: 0,
  shrinkage: 1,
  categorySmoothing: 0,
  minCategoryRows: 1,
};

function grow(table: Table, labels: readonly number[], more: Partial<GrowthLimits> = {}, monotone = 0) {
  const binned = binTable(table, 255);
  const width = binned.columns.length;
  const grower = new TreeGrower(binned, { ...limits, ...more }, new Int8Array(width).fill(monotone));
  return grower.grow({
    gradients: gradientsOf(labels),
    own: Uint32Array.from(labels, (_, row) => row),
    followers: new Uint32Array(0),
    columns: Int32Array.from({ length: width }, (_, c) => c),
  });
}

const rows = fc.array(
  fc.tuple(
    fc.constantFrom(NaN, 0, 1, 2, 3, 4),
    fc.constantFrom(-1, 0, 1, 2, 3),
    fc.constantFrom(NaN, 0.5, 1.5, 2.5),
    fc.constantFrom(0, 1),
  ),
  { minLength: 2, maxLength: 60 },
);

const tableOfRows = (list: readonly (readonly number[])[]): Table =>
  tableOf(
    numbers(
      'x',
      list.map(([x]) => x!),
    ),
    {
      name: 'c',
      type: 'category',
      codes: Int32Array.from(list, ([, c]) => c!),
      categories: ['a', 'b', 'c', 'd'],
    },
    numbers(
      'z',
      list.map(([, , z]) => z!),
    ),
  );

describe('splits', () => {
  test('are the best there is, found again by trying every set of values of a column', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const table = tableOfRows(list);
        const binned = binTable(table, 255);
        if (binned.columns.length === 0) return;
        const labels = list.map((row) => row[3]);
        const gradients = gradientsOf(labels);
        const all = Uint32Array.from(list, (_, row) => row);
        const histogram = new Float64Array(binned.columns.length * perColumn);
        fillHistogram(histogram, binned, gradients, all, { start: 0, end: list.length });
        const sum = labels.reduce<number>((total, label) => total + 0.5 - label, 0);
        const sums = { gradient: sum, curvature: list.length, rows: list.length };
        const width = binned.columns.length;
        const finder = new SplitFinder(binned.columns, limits, new Int8Array(width));
        const split = finder.find(
          histogram,
          sums,
          unbounded,
          Int32Array.from({ length: width }, (_, c) => c),
        );
        expect(split?.gain ?? 0).toBeCloseTo(bestGain(binned, labels), 9);
      }),
    );
  });

  /** Over all cuts of numbers with what is missing on either side, and over all sets of categories. */
  function bestGain(binned: BinnedTable, labels: readonly number[]): number {
    let best = 0;
    binned.columns.forEach(({ bins, edges }, c) => {
      const ways = edges
        ? Array.from(
            { length: 2 * bins },
            (_, k) => (bin: number) => (bin === bins ? k % 2 === 0 : bin <= k >> 1),
          )
        : Array.from({ length: 2 ** (bins + 1) }, (_, set) => (bin: number) => ((set >> bin) & 1) === 1);
      for (const isFirst of ways) {
        const part = (first: boolean) => labels.filter((_, r) => isFirst(binAt(binned, r, c)) === first);
        const worth = (some: readonly number[]) =>
          some.length === 0
            ? 0
            : some.reduce<number>((sum, label) => sum + 0.5 - label, 0) ** 2 / some.length;
        best = Math.max(best, worth(part(true)) + worth(part(false)) - worth(labels));
      }
    });
    return best < 1e-9 ? 0 : best;
  }
});

describe('trees', () => {
  test('give each row the mean of its leaf, and rows of the table come where scoring says', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('leaf' as const, 'depth' as const),
        fc.integer({ min: 1, max: 5 }),
        (list, growth, least) => {
          const table = tableOfRows(list);
          const labels = list.map((row) => row[3]);
          const { tree, leaves } = grow(table, labels, { growth, minLeafRows: least });
          expect(leaves.length).toBeLessThanOrEqual(8);
          expect(leaves.length).toBe((tree.length + 1) / 2);
          const specs = table.columns.map((one) =>
            one.type === 'number' ? { name: one.name, type: one.type } : one,
          );
          const scores = new TreeScorer([tree], specs).sums(table, 0.5);
          expect(
            treeFromJson(
              tree.map((node) =>
                typeof node === 'number' ? node : [node.column, node.cut, node.first, node.missing],
              ),
              specs,
              'tree',
            ),
          ).toEqual(tree);
          const byScore = new Map<number, number[]>();
          scores.forEach((score, r) => byScore.set(score, [...(byScore.get(score) ?? []), labels[r]!]));
          for (const [score, inLeaf] of byScore) {
            if (leaves.length > 1) expect(inLeaf.length).toBeGreaterThanOrEqual(least);
            expect(score).toBeCloseTo(inLeaf.reduce((sum, label) => sum + label, 0) / inLeaf.length, 6);
          }
        },
      ),
    );
  });

  test('send what is missing the way that explains it, and with the majority where nothing was', () => {
    const x = [1, 1, 1, 2, 2, NaN, NaN];
    const fork = (labels: number[]) => grow(tableOf(numbers('x', x)), labels, { maxLeaves: 2 }).tree[0];
    expect(fork([0, 0, 0, 1, 1, 1, 1])).toMatchObject({ cut: 1.5, missing: 1 });
    expect(fork([0, 0, 0, 1, 1, 0, 0])).toMatchObject({ cut: 1.5, missing: 0 });
    expect(fork([0, 0, 0, 0, 0, 1, 1])).toMatchObject({ cut: Number.MAX_VALUE, missing: 1 });
    expect(grow(tableOf(numbers('x', [1, 1, 1, 2])), [0, 0, 0, 1]).tree[0]).toMatchObject({ missing: 0 });
    expect(grow(tableOf(numbers('x', [1, 2, 2, 2])), [0, 1, 1, 1]).tree[0]).toMatchObject({ missing: 1 });
  });

  test('treat categories that are too rare as if missing', () => {
    const codes = Int32Array.of(0, 0, 0, 1, 1, 1, 2, -1, -1);
    const column: Column = { name: 'c', type: 'category', codes, categories: ['a', 'b', 'c'] };
    const { tree } = grow(tableOf(column), [0, 0, 0, 1, 1, 1, 0, 0, 0], {
      minCategoryRows: 2,
      maxLeaves: 2,
    });
    expect(tree[0]).toMatchObject({ cut: [1], missing: 1 });
  });

  test('stay as small and as shallow as they may be', () => {
    const x = Array.from({ length: 64 }, (_, i) => i);
    const labels = x.map((i) => (i >> 1) % 2);
    expect(grow(tableOf(numbers('x', x)), labels, { maxLeaves: 5 }).leaves).toHaveLength(5);
    expect(grow(tableOf(numbers('x', x)), labels, { maxLeaves: 64, maxDepth: 2 }).leaves.length).toBeLessThan(
      5,
    );
    expect(grow(tableOf(numbers('x', x)), labels, { minLeafRows: 33 }).tree).toHaveLength(1);
  });
});

test('a draw of rows is of the size asked for, in order, and each row is as likely', () => {
  const list = Uint32Array.from({ length: 10 }, (_, i) => i);
  const times = new Uint32Array(10);
  const random = seededRandom('draw');
  for (let i = 0; i < 5_000; i++) {
    const { drawn, others } = drawRows(list, 3, random);
    expect([...drawn, ...others].sort((a, b) => a - b)).toEqual([...list]);
    expect([...drawn]).toEqual([...drawn].sort((a, b) => a - b));
    for (const row of drawn) times[row]! += 1;
  }
  // 1,500 each, with a standard deviation of 32.
  for (const count of times) expect(Math.abs(count - 1_500)).toBeLessThan(160);
});

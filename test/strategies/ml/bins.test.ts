import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { seededRandom } from '../../../src/evaluation/random.js';
import type { Column } from '../../../src/strategies/ml/table.js';
import { binEdges } from '../../../src/strategies/ml/trees/bin-edges.js';
import { type BinnedTable, binTable, shiftOf, wordOf } from '../../../src/strategies/ml/trees/bin-table.js';
import { numbers, tableOf } from './number-tables.js';

const binAt = ({ words, wordsPerRow }: BinnedTable, row: number, column: number): number =>
  (words[row * wordsPerRow + wordOf(column)]! >>> shiftOf(column)) & 255;

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('bins', () => {
  test('keep few distinct values apart, and cut many into bins of about as many rows', () => {
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 2, max: 255 }),
        (values, bins) => {
          const edges = [...binEdges(Float64Array.from(values), bins)];
          const distinct = [...new Set(values)].sort((a, b) => a - b);
          expect(edges.length).toBe(
            edges.length < bins - 1 || distinct.length <= bins
              ? Math.min(distinct.length - 1, edges.length)
              : bins - 1,
          );
          for (const [i, edge] of edges.entries()) if (i > 0) expect(edge).toBeGreaterThan(edges[i - 1]!);
          if (distinct.length > bins) return;
          expect(edges).toHaveLength(distinct.length - 1);
          edges.forEach((edge, i) => {
            expect(edge).toBeGreaterThanOrEqual(distinct[i]!);
            expect(edge).toBeLessThan(distinct[i + 1]!);
          });
        },
      ),
    );
  });

  test('are even for numbers that are all different, and give a frequent value its own', () => {
    const random = seededRandom('bins');
    const values = Float64Array.from({ length: 20_000 }, () => (random.next() < 0.3 ? 0 : random.normal()));
    const edges = binEdges(values, 50);
    const counts = new Map<number, number>();
    for (const value of values) {
      const bin = edges.findIndex((edge) => value <= edge);
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
    }
    const zeros = values.filter((value) => value === 0).length;
    const sizes = [...counts.values()].sort((a, b) => b - a);
    expect(sizes).toHaveLength(50);
    expect(sizes[0]).toBeLessThan(zeros + 150);
    expect(sizes[1]).toBeLessThan(450);
    expect(sizes.at(-1)).toBeGreaterThan(100);
  });

  test('put each value where the edges say, and what is missing last', () => {
    const values = [5, 1, NaN, 3, Infinity, -Infinity, 3, 2.5];
    const { columns, ...binned } = binTable(
      tableOf(
        numbers('a', values),
        numbers(
          'same',
          values.map(() => 1),
        ),
      ),
      255,
    );
    expect(columns).toMatchObject([{ place: 0, bins: 4 }]);
    expect([...columns[0]!.edges!]).toEqual([2, 2.8, 4]);
    expect(values.map((_, r) => binAt({ columns, ...binned }, r, 0))).toEqual([3, 0, 4, 2, 4, 4, 2, 1]);
  });

  test('keep the most frequent categories', () => {
    const codes = Int32Array.of(2, 2, 2, 0, 0, 1, -1, 9);
    const column: Column = { name: 'c', type: 'category', codes, categories: ['a', 'b', 'c', 'never'] };
    const binned = binTable(tableOf(column), 2);
    expect([...binned.columns[0]!.categories!]).toEqual([0, 2]);
    expect([...codes].map((_, r) => binAt(binned, r, 0))).toEqual([1, 1, 1, 0, 0, 2, 2, 2]);
  });
});

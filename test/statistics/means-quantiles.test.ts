import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantiles } from '../../src/statistics/means/quantile.js';
import { codeOf, levels, must } from './arbitrary.js';

describe('quantiles', () => {
  it('are those of R: quantile(1:10, c(0.1, 0.5, 0.95)), with ranks by qbinom', () => {
    const ten = [3, 1, 2, 10, 9, 8, 4, 5, 7, 6];
    const { quantiles: all } = must(quantiles(ten, [0.1, 0.5, 0.95], 0.9));
    for (const [i, value] of [1.9, 5.5, 9.55].entries()) expect(all[i]!.value).toBeCloseTo(value, 12);
    expect(all.map(({ ranks }) => ranks)).toEqual([
      [0, 4],
      [2, 9],
      [8, 11],
    ]);
    expect(all.map(({ interval }) => [interval.lower, interval.upper])).toEqual([
      [-Infinity, 4],
      [2, 9],
      [8, Infinity],
    ]);
    expect(all.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([
      ['unbounded_interval'],
      [],
      ['unbounded_interval'],
    ]);
  });

  it('cover with at least the probability that is promised', () => {
    // Exactly: P(l <= K < u) for K binomial.
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        levels,
        (n, p, level) => {
          const [one] = must(
            quantiles(
              Array.from({ length: n }, (_, i) => i),
              [p],
              level,
            ),
          ).quantiles;
          const [l, u] = one!.ranks;
          const mass = (from: number, to: number) => {
            let sum = 0;
            for (let k = from; k < to; k += 1) sum += choose(n, k) * p ** k * (1 - p) ** (n - k);
            return sum;
          };
          const tail = ((1 - level) / 2) * (1 + 1e-9);
          expect(mass(0, l)).toBeLessThanOrEqual(tail);
          expect(mass(u, n + 1)).toBeLessThanOrEqual(tail);
          // And not wider than it must be.
          if (l < n) expect(mass(0, l + 1)).toBeGreaterThan(tail * (1 - 1e-8));
          if (u > 1) expect(mass(u - 1, n + 1)).toBeGreaterThan(tail * (1 - 1e-8));
        },
      ),
    );
  });

  it('counts a tail that meets its bound exactly as met', () => {
    // P(K <= 0) = 2⁻⁶ = (1 - 0.96875) / 2 for six recipients and the median.
    const [median] = must(quantiles([1, 2, 3, 4, 5, 6], [0.5], 0.96875)).quantiles;
    expect(median!.ranks).toEqual([0, 6]);
  });

  it('is an outcome where its place is whole but for a rounding', () => {
    // 100 · 0.29 is 28.999999999999996 in doubles.
    const outcomes = Array.from({ length: 101 }, (_, i) => i);
    expect(must(quantiles(outcomes, [0.29], 0.95)).quantiles[0]!.value).toBe(29);
  });

  it('does not care about order, and reaches the ends', () => {
    const [least, most] = must(quantiles([5, -2, 0, 9.5], [0, 1], 0.95)).quantiles;
    expect([least!.value, most!.value]).toEqual([-2, 9.5]);
    expect([least!.ranks, most!.ranks]).toEqual([
      [0, 1],
      [4, 5],
    ]);
    expect(must(quantiles([7], [0.5], 0.95)).quantiles[0]).toMatchObject({ value: 7, ranks: [0, 2] });
    expect(must(quantiles([-1.7e308, 1.7e308], [0.5], 0.95)).quantiles[0]!.value).toBe(0);
  });

  it('refuses what has no answer', () => {
    expect(codeOf(quantiles([], [0.5], 0.95))).toBe('empty_arm');
    expect(codeOf(quantiles([1, NaN], [0.5], 0.95))).toBe('invalid_input');
    expect(codeOf(quantiles([1], [], 0.95))).toBe('invalid_input');
    expect(codeOf(quantiles([1], [1.1], 0.95))).toBe('invalid_input');
    expect(codeOf(quantiles([1], [0.5], 0))).toBe('invalid_input');
  });
});

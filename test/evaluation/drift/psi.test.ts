import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCategories, countNumbers, quantileEdges } from '../../../src/evaluation/drift/distribution.js';
import { observedToExpected } from '../../../src/evaluation/drift/observed-to-expected.js';
import { populationStability, stabilityByChance } from '../../../src/evaluation/drift/psi.js';
import { seededRandom } from '../../../src/evaluation/random.js';
import { isRefusal } from '../../../src/evaluation/refusal.js';
import { sharedRows } from '../../support/shared-data.js';

const bins = (counts: number[], missing = 0) => ({ counts, missing });

function psi(then: number[], now: number[]) {
  const found = populationStability(bins(then), bins(now));
  if (isRefusal(found)) throw new Error(found.reason);
  return found;
}

describe('the population stability index', () => {
  const hillstrom = sharedRows('hillstrom.csv.gz');

  it.skipIf(!hillstrom)('has the figures of Hillstrom', () => {
    const rows = hillstrom ?? [];
    const edges = Array.from({ length: 11 }, (_, i) => i + 2);
    const recency = (of: typeof rows) =>
      countNumbers(
        'recency',
        of.map((row) => Number(row['recency'])),
        edges,
      );
    const [old, fresh] = ['0', '1'].map((flag) => rows.filter((row) => row['newbie'] === flag));
    const drift = populationStability(recency(old ?? []), recency(fresh ?? []));
    expect(drift).toMatchObject({ bins: 12 });
    expect('value' in drift && drift.value).toBeCloseTo(0.01312, 5);
    const halves = [0, 1].map((odd) => recency(rows.filter((_, i) => i % 2 === odd)));
    const none = populationStability(halves[0]!, halves[1]!);
    expect('value' in none && none.value).toBeCloseTo(0.000523, 6);
    // A difference of halves is chance, one between old and new customers is not.
    expect('p' in none && none.p).toBeGreaterThan(0.05);
    expect('p' in drift && drift.p).toBeLessThan(1e-20);
    const names = [...new Set(rows.map((row) => row['history_segment'] ?? ''))];
    const segments = [old, fresh].map((of) =>
      countCategories(
        'history_segment',
        (of ?? []).map((row) => row['history_segment']),
        names,
      ),
    );
    expect(Math.min(...segments[0]!.counts.slice(0, -1))).toBe(0);
    const empty = populationStability(segments[0]!, segments[1]!);
    expect('value' in empty && Number.isFinite(empty.value) && empty.value > 1).toBe(true);
  });

  it('is the sum over bins, and half a row stands in an empty one', () => {
    expect(psi([50, 50], [75, 25]).value).toBeCloseTo(
      0.25 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.5 / 0.25),
      12,
    );
    const [p, q] = [10 / 20.5, 0.5 / 20.5];
    const expected =
      2 * (p - 10 / 20.5) + (q - 10 / 30) * Math.log(q / (1 / 3)) + 2 * (p - 1 / 3) * Math.log(p / (1 / 3));
    expect(psi([10, 10, 0], [10, 10, 10]).value).toBeCloseTo(expected, 12);
  });

  it('is never below 0, the same both ways, and within its interval or below it', () => {
    const counts = fc
      .array(fc.nat(500), { minLength: 2, maxLength: 8 })
      .filter((all) => all.some((n) => n > 0));
    const pairs = counts.chain((one) =>
      fc.tuple(fc.constant(one), fc.array(fc.nat(500), { minLength: one.length, maxLength: one.length })),
    );
    fc.assert(
      fc.property(
        pairs.filter(([, b]) => b.some((n) => n > 0)),
        ([a, b]) => {
          const there = psi(a, b);
          const back = psi(b, a);
          expect(there.value).toBeGreaterThanOrEqual(0);
          expect(there.value).toBeCloseTo(back.value, 10);
          expect(there.interval.lower).toBeLessThanOrEqual(there.value + 1e-12);
          expect(there.interval.lower).toBeLessThanOrEqual(there.interval.upper);
          expect(there.p).toBeGreaterThanOrEqual(0);
          expect(there.p).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('goes beyond what chance does about as often as it says', () => {
    const random = seededRandom('psi');
    const draw = (n: number): number[] => {
      const counts = Array.from({ length: 6 }, () => 0);
      for (let i = 0; i < n; i++) counts[random.below(6)]! += 1;
      return counts;
    };
    const limit = stabilityByChance(600, 200, 6, 0.05);
    const rounds = 2_000;
    let beyond = 0;
    for (let i = 0; i < rounds; i++) beyond += Number(psi(draw(600), draw(200)).value > limit);
    expect(beyond / rounds).toBeGreaterThan(0.035);
    expect(beyond / rounds).toBeLessThan(0.07);
  });

  it('counts what is missing as a bin of its own', () => {
    const drift = populationStability(bins([50, 50]), bins([30, 30], 40));
    expect(drift).toMatchObject({ bins: 3 });
    expect('value' in drift && drift.value).toBeGreaterThan(0.2);
  });

  it('refuses what cannot be compared', () => {
    expect(populationStability(bins([1, 2]), bins([1, 2, 3]))).toMatchObject({ code: 'invalid_input' });
    expect(populationStability(bins([1, NaN]), bins([1, 2]))).toMatchObject({ code: 'invalid_input' });
    expect(populationStability(bins([1, -1]), bins([1, 2]))).toMatchObject({ code: 'invalid_input' });
    expect(populationStability(bins([0, 0]), bins([1, 2]))).toMatchObject({ code: 'too_few' });
    expect(populationStability(bins([5]), bins([9]))).toMatchObject({ code: 'no_variation' });
  });
});

describe('distributions', () => {
  it('put every number in one bin, at the edge into the one above', () => {
    expect(countNumbers('x', [1, 2, 2.5, 3, NaN, -Infinity, Infinity], [2, 3])).toEqual({
      ...{ name: 'x', edges: [2, 3], counts: [2, 2, 2], missing: 1 },
    });
    expect(countCategories('c', ['a', 'b', undefined, 'z'], ['a', 'b'])).toEqual({
      ...{ name: 'c', categories: ['a', 'b'], counts: [1, 1, 1], missing: 1 },
    });
  });

  it('have edges that ascend and split about evenly', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 200 }), (values) => {
        const edges = quantileEdges(values);
        expect(edges.every((edge, i) => i === 0 || edge > edges[i - 1]!)).toBe(true);
        const { counts, missing } = countNumbers('x', values, edges);
        expect(counts.reduce((a, b) => a + b, missing)).toBe(values.length);
      }),
    );
    const even = Array.from({ length: 1_000 }, (_, i) => i);
    expect(countNumbers('x', even, quantileEdges(even)).counts).toEqual(
      Array.from({ length: 10 }, () => 100),
    );
    expect(quantileEdges([])).toEqual([]);
    expect(quantileEdges([7, 7, 7])).toEqual([]);
    expect(countNumbers('x', [0, 0, 0, 0, 0, 1], quantileEdges([0, 0, 0, 0, 0, 1])).counts).toEqual([5, 1]);
  });
});

describe('observed to expected', () => {
  it('has the exact interval of a count', () => {
    // Garwood's limits of 10 events: 4.795 and 18.390.
    const found = observedToExpected(10, 10);
    expect(found).toMatchObject({ value: 1, p: 1 });
    // P(X <= 1) of a mean of 6 is 0.01735.
    const one = observedToExpected(1, 6);
    expect('p' in one && one.p).toBeCloseTo(2 * 0.017351, 5);
    expect('interval' in found && found.interval.lower).toBeCloseTo(0.4795, 4);
    expect('interval' in found && found.interval.upper).toBeCloseTo(1.839, 4);
    expect(observedToExpected(0, 20)).toMatchObject({ value: 0, interval: { lower: 0 } });
  });

  it('refuses where too little was predicted', () => {
    expect(observedToExpected(1, 4.9)).toMatchObject({ code: 'too_few' });
    expect(observedToExpected(1.5, 9)).toMatchObject({ code: 'invalid_input' });
    expect(observedToExpected(1, NaN)).toMatchObject({ code: 'invalid_input' });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { pairedDifference } from '../../src/evaluation/ranking/compare-rankings.js';
import { coverage } from '../../src/evaluation/ranking/coverage.js';
import { distinctPairs } from '../../src/evaluation/ranking/distinct-pairs.js';
import { rankingMeasureNames, rankingMeasures } from '../../src/evaluation/ranking/measures.js';
import { heldOut } from '../../src/evaluation/ranking/split.js';
import { ratingErrors } from '../../src/evaluation/rating.js';

describe('measures of a list', () => {
  test('are what they are by hand', () => {
    // Hits at 1 and 3 of four, three are relevant.
    const measured = rankingMeasures(['a', 'x', 'b', 'y', 'c'], new Set(['a', 'b', 'c']), 4)!;
    const [gain, ideal] = [1 + 1 / 2, 1 + 1 / Math.log2(3) + 1 / 2];
    expect(measured.precision).toBe(2 / 4);
    expect(measured.recall).toBe(2 / 3);
    expect(measured.f1).toBeCloseTo((2 * 0.5 * (2 / 3)) / (0.5 + 2 / 3), 12);
    expect(measured.hit).toBe(1);
    expect(measured.ndcg).toBeCloseTo(gain / ideal, 12);
    expect(measured.averagePrecision).toBeCloseTo((1 + 2 / 3) / 3, 12);
  });

  test('divide by k where the list is shorter, and by what was possible where more is relevant', () => {
    expect(rankingMeasures(['a'], new Set(['a']), 10)).toMatchObject({ precision: 0.1, recall: 1, ndcg: 1 });
    const many = new Set(['a', 'b', 'c']);
    expect(rankingMeasures(['a', 'b'], many, 2)).toMatchObject({
      ndcg: 1,
      averagePrecision: 1,
      recall: 2 / 3,
    });
    const none = { precision: 0, recall: 0, f1: 0, hit: 0, ndcg: 0, averagePrecision: 0 };
    expect(rankingMeasures([], many, 5)).toEqual(none);
    expect(rankingMeasures(['x'], many, 5)).toEqual(none);
    expect(rankingMeasures(['a'], new Set(), 5)).toBeUndefined();
    for (const k of [0, -1, 1.5, NaN]) expect(() => rankingMeasures(['a'], many, k)).toThrow('whole number');
  });

  test('are from 0 to 1, and no worse where a hit moves up', () => {
    const lists = fc.uniqueArray(fc.nat(20), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(lists, fc.uniqueArray(fc.nat(20), { minLength: 1 }), fc.integer({ min: 1, max: 12 }), fc.nat(8), (list, right, k, at) => {
        const relevant = new Set(right);
        const before = rankingMeasures(list, relevant, k)!;
        for (const name of rankingMeasureNames) expect(before[name] >= 0 && before[name] <= 1 + 1e-12).toBe(true);
        const place = at % (list.length - 1);
        if (!relevant.has(list[place + 1]!) || relevant.has(list[place]!)) return;
        const swapped = [...list];
        [swapped[place], swapped[place + 1]] = [list[place + 1]!, list[place]!];
        const after = rankingMeasures(swapped, relevant, k)!;
        for (const name of rankingMeasureNames) expect(after[name]).toBeGreaterThanOrEqual(before[name]);
      }),
    ); // prettier-ignore
  });
});

describe('what is held out', () => {
  const rows = {
    recipients: Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2),
    items: Int32Array.of(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 5, 4, 3, 2, 1),
    times: Float64Array.of(9, 1, 2, 3, 4, 5, 1, 2, 3, 4, 7, 7, 7, 7, 7),
  };

  test('is of each recipient the last floor(n / 5), by time, then item', () => {
    // Of six one, the one at 9; of four none; of five at one time the highest item.
    const places = [...heldOut(rows, { kind: 'last-fifth' }).entries()].filter(([, one]) => one === 1);
    expect(places.map(([row]) => row)).toEqual([0, 10]);
  });

  test('by chance is as many of each, the same for the same seed, whatever the order of the rows', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.shuffledSubarray([...rows.items.keys()], { minLength: 15 }),
        (seed, order) => {
          const split = { kind: 'random-fifth', seed } as const;
          const [held, again] = [heldOut(rows, split), heldOut(reordered(order), split)];
          expect(Array.from(order, (row) => held[row])).toEqual([...again]);
          const counts = [0, 0, 0];
          held.forEach((one, row) => (counts[rows.recipients[row]!]! += one));
          expect(counts).toEqual([1, 0, 1]);
        },
      ),
    );
  });

  test('by time is everything from the moment on, rows of one moment on one side', () => {
    const held = heldOut(rows, { kind: 'time', share: 0.6 });
    // Sorted: 1 1 2 2 3 3 4 4 5 7 …: the tenth is the first 7.
    expect([...held]).toEqual(Array.from(rows.times, (time) => (time >= 7 ? 1 : 0)));
    const { times: _, ...timeless } = rows;
    expect(() => heldOut(timeless, { kind: 'time', share: 0.5 })).toThrow('needs a time');
  });

  const reordered = (order: readonly number[]) => ({
    recipients: Int32Array.from(order, (row) => rows.recipients[row]!),
    items: Int32Array.from(order, (row) => rows.items[row]!),
    times: Float64Array.from(order, (row) => rows.times[row]!),
  });
});

test('of rows of the same pair the first or last by time counts, what is learned from before what is held out', () => {
  const rows = {
    recipients: Int32Array.of(1, 0, 0, 0, 1),
    items: Int32Array.of(0, 3, 3, 1, 0),
    times: Float64Array.of(5, 9, 2, 4, 1),
    second: Uint8Array.of(0, 0, 0, 0, 1),
  };
  expect([...distinctPairs(rows, 'first')]).toEqual([3, 2, 0]);
  expect([...distinctPairs(rows, 'last')]).toEqual([3, 1, 4]);
});

describe('coverage', () => {
  test('is the share of items that anybody got, wider the more hangs on single recipients', () => {
    const one = coverage([[0, 1], [0, 2], [0, 1]], 4); // prettier-ignore
    // Only the second recipient got item 2: losses 0, 1/4, 0.
    const se = Math.sqrt((2 / 3) * (2 * (1 / 12) ** 2 + (1 / 6) ** 2));
    expect(one).toMatchObject({ value: 0.75, se: expect.closeTo(se, 12) as number });
    expect('interval' in one && one.interval.upper).toBe(Math.min(1, 0.75 + 1.959963984540054 * se));
  });

  test('of nothing is refused', () => {
    expect(coverage([[0], [0]], 0)).toMatchObject({ refused: true, code: 'invalid_input' });
    expect(coverage([[0]], 3)).toMatchObject({ refused: true, code: 'too_few' });
  });
});

test('a difference is paired: the same noise in both leaves no width', () => {
  const noise = Array.from({ length: 50 }, (_, i) => ((i * 37) % 50) / 50);
  const better = noise.map((one) => one + 0.01);
  const found = pairedDifference(better, noise, 'seed', 200);
  if ('refused' in found) throw new Error(found.reason);
  expect(found.value).toBeCloseTo(0.01, 12);
  expect(found.interval.upper - found.interval.lower).toBeLessThan(1e-12);
  expect(pairedDifference([1], [1, 2], 'seed')).toMatchObject({ refused: true, code: 'invalid_input' });
});

describe('errors of ratings', () => {
  const predictions = {
    predicted: Float64Array.of(1, 2, 3, 4),
    actual: Float64Array.of(2, 2, 1, 4),
    recipients: Int32Array.of(0, 0, 3, 3),
  };

  test('count every rating alike, and draw recipients with all of theirs', () => {
    const { rmse, mae } = ratingErrors(predictions, 'seed', 400);
    if ('refused' in rmse || 'refused' in mae) throw new Error('refused');
    expect(rmse.value).toBeCloseTo(Math.sqrt(5 / 4), 12);
    expect(mae.value).toBeCloseTo(3 / 4, 12);
    // Of two recipients a draw is one of them twice, or both.
    expect(mae.interval).toMatchObject({ lower: 0.5, upper: 1 });
  });

  test('need one prediction for each rating, of two recipients', () => {
    const short = { ...predictions, actual: Float64Array.of(1) };
    expect(ratingErrors(short, 'seed').rmse).toMatchObject({ refused: true, code: 'invalid_input' });
    const alone = { ...predictions, recipients: Int32Array.of(0, 0, 0, 0) };
    expect(ratingErrors(alone, 'seed').mae).toMatchObject({ refused: true, code: 'too_few' });
  });
});

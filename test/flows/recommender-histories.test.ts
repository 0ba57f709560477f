import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortHistories, withLatest } from '../../src/flows/recommender-histories.js';
import { type HeldOutRecipient, measureHoldOut } from '../../src/strategies/cf/measure-hold-out.js';
import type { Recommender, Taste } from '../../src/strategies/cf/recommender.js';

/** Places that rise, each with a weight, in an order in which they were done. */
const tastes: fc.Arbitrary<Taste> = fc
  .uniqueArray(fc.nat(60), { minLength: 1, maxLength: 25 })
  .chain((places) => fc.tuple(fc.constant(places), fc.shuffledSubarray([...places.keys()], { minLength: places.length })))
  .map(([places, order]) => ({
    places: Int32Array.from([...places].sort((a, b) => a - b)),
    weights: Float32Array.from(places, (_, i) => 1 + i),
    ages: Int32Array.from(order),
  })); // prettier-ignore

const relevant = new Set([61]);

describe('recipients with the latest of their history only', () => {
  it('are shown with the newest so many, in their places, and know all of it still', () => {
    fc.assert(
      fc.property(tastes, fc.integer({ min: 1, max: 30 }), (taste, length) => {
        const [short] = withLatest([{ taste, relevant }], length) as [HeldOutRecipient];
        const rows = [...taste.places].map((place, i) => ({
          ...{ place, weight: taste.weights[i] },
          age: taste.ages?.[i] as number,
        }));
        const newest = [...rows].sort((a, b) => a.age - b.age).slice(0, length);
        const kept = rows.filter((row) => newest.includes(row));
        expect([...short.taste.places]).toEqual(kept.map(({ place }) => place));
        expect([...short.taste.weights]).toEqual(kept.map(({ weight }) => weight));
        expect([...(short.taste.ages ?? [])]).toEqual(kept.map(({ age }) => age));
        expect(short.excluded).toEqual(taste.places);
        expect(short.relevant).toBe(relevant);
      }),
    );
  });

  it('are never recommended what is left out', () => {
    // Likes the lower places best.
    const items = Array.from({ length: 62 }, (_, i) => `item ${i}`);
    const recommender = { items, score: () => Float64Array.from(items, (_, i) => 100 - i) } as unknown as Recommender; // prettier-ignore
    fc.assert(
      fc.property(tastes, fc.integer({ min: 1, max: 5 }), (taste, length) => {
        const { lists } = measureHoldOut(recommender, withLatest([{ taste, relevant }], length), 10);
        const expected = [...items.keys()].filter((place) => !taste.places.includes(place)).slice(0, 10);
        expect([...(lists[0] ?? [])]).toEqual(expected);
      }),
    );
  });

  it('cannot be told where nobody knows when', () => {
    const taste = { places: Int32Array.of(1), weights: Float32Array.of(1) };
    expect(() => withLatest([{ taste, relevant }], 1)).toThrow(expect.objectContaining({ code: 'no_time' }));
  }); // prettier-ignore
});

describe('a row of the table', () => {
  const known = Int32Array.of(1, 2, 3, 4);
  const one = { method: 'one', values: [Float64Array.of(0, 0, 0, 0), Float64Array.of(0, 0.5, 0.5, 1)] };
  const two = { method: 'two', values: [Float64Array.of(1, 1, 1, 1), Float64Array.of(0, 1, 1, 1)] };

  it('counts who had more, and compares on the same recipients at the same length', () => {
    const rows = shortHistories([1, 3], known, [one, two], { against: 'one', seed: 's', draws: 100 });
    expect(rows.map(({ length, shortened }) => [length, shortened])).toEqual([[1, 3], [3, 1]]); // prettier-ignore
    expect(rows[1]?.methods).toMatchObject([
      { method: 'one', ndcg: { value: 0.5 } },
      { method: 'two', ndcg: { value: 0.75 }, difference: { value: 0.25 } },
    ]);
    expect(rows[0]?.methods[1]?.difference).toMatchObject({ value: 1, interval: { lower: 1, upper: 1 } });
    expect(rows[0]?.methods[0]).not.toHaveProperty('difference');
  });

  it('has no difference to a method that could not be measured', () => {
    const [row] = shortHistories([1], known, [one], { against: 'gone', seed: 's', draws: 100 });
    expect(row?.methods).toEqual([{ method: 'one', ndcg: expect.anything() as unknown }]);
  });
});

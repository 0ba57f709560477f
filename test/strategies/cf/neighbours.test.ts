import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { itemKnn } from '../../../src/strategies/cf/item-knn.js';
import { type Interaction, matrixOf } from '../../../src/strategies/cf/matrix.js';
import type { Recommender, RecommenderKind } from '../../../src/strategies/cf/recommender.js';
import { userKnn } from '../../../src/strategies/cf/user-knn.js';
import { anyInteractions, columnsOf, dot, lengthOf, type Row, rowsOf, tasteIn } from './any-matrix.js';

const given = { weights: 'given', shrinkage: 0, halfLife: null } as const;

function fitted<Settings>(
  kind: RecommenderKind<Settings>,
  interactions: readonly Interaction[],
  settings: object,
): Recommender {
  const parsed = kind.parse(settings);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const found = kind.fit(matrixOf(interactions), parsed.value, 'seed');
  if ('refused' in found) throw new Error(found.reason);
  return found;
}

/** 0 in the place of NaN, and the order of sums does not show. */
function expectSame(scores: ArrayLike<number>, expected: readonly number[]): void {
  expect(scores).toHaveLength(expected.length);
  expected.forEach((one, place) => expect(scores[place] || 0).toBeCloseTo(one, 4));
}

/** The largest first, ties to the lower id; `most` of them. */
const nearest = (similarities: ReadonlyMap<string, number>, most: number): [string, number][] =>
  [...similarities]
    .filter(([, similarity]) => similarity > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, most);

const isSame = (a: Row, b: Row): boolean => a.size === b.size && [...a.keys()].every((key) => b.has(key));

describe('user_knn', () => {
  test('is what its formula says, in the plainest way', () => {
    fc.assert(
      fc.property(
        anyInteractions,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 4 }),
        (all, neighbours, shrinkage) => {
          const rows = rowsOf(all);
          const recommender = fitted(userKnn, all, { ...given, neighbours, shrinkage });
          for (const row of rows.values()) {
            const similarities = new Map(
              [...rows]
                .filter(([, other]) => !isSame(row, other))
                .map(([id, other]) => [id, dot(row, other) / (lengthOf(row) * lengthOf(other) + shrinkage)]),
            );
            // Neighbours of nearly the same similarity may change places by rounding.
            const sorted = [...similarities.values()].sort((a, b) => b - a);
            fc.pre(sorted.every((one, i) => i === 0 || sorted[i - 1] === one || sorted[i - 1]! - one > 1e-9));
            const chosen = nearest(similarities, neighbours);
            const naive = recommender.items.map((item) =>
              chosen.reduce((sum, [id, one]) => sum + one * (rows.get(id)?.get(item) ?? 0), 0),
            );
            expectSame(recommender.score(tasteIn(all, row)), naive);
          }
        },
      ),
    );
  });

  test('by hand: two who share one of two items are alike by a half', () => {
    const all = [
      ...['tea', 'cup'].map((item) => ({ recipient: 'ada', item, weight: 1 })),
      ...['tea', 'pot'].map((item) => ({ recipient: 'bob', item, weight: 1 })),
      { recipient: 'eve', item: 'map', weight: 1 },
    ];
    const recommender = fitted(userKnn, all, {});
    const ada = tasteIn(all, rowsOf(all).get('ada') as Row);
    expect(recommender.items).toEqual(['cup', 'map', 'pot', 'tea']);
    expectSame(recommender.score(ada), [0, 0, 0.5, 0.5]);
    expect(recommender.neighbours?.(ada, 5)).toEqual([
      { id: 'ada', similarity: expect.closeTo(1, 9) as number, shared: 2 },
      { id: 'bob', similarity: expect.closeTo(0.5, 9) as number, shared: 1 },
    ]);
    expect(recommender.because(ada, 2, 5)).toEqual([{ kind: 'recipient', id: 'bob', share: 1 }]);
    expect(recommender.via?.(ada, 2, 5)).toEqual([{ kind: 'item', id: 'tea', share: 1 }]);
  });
});

describe('item_knn', () => {
  const similarity = (a: Row, b: Row, shrinkage = 0): number =>
    dot(a, b) / (lengthOf(a) * lengthOf(b) + shrinkage);

  test('with all neighbours is what its formula says', () => {
    fc.assert(
      fc.property(anyInteractions, (all) => {
        const columns = columnsOf(all);
        const recommender = fitted(itemKnn, all, given);
        for (const row of rowsOf(all).values()) {
          const naive = recommender.items.map((item) =>
            [...row].reduce(
              (sum, [own, weight]) => sum + weight * similarity(columns.get(item)!, columns.get(own)!),
              0,
            ),
          );
          expectSame(recommender.score(tasteIn(all, row)), naive);
        }
      }),
    );
  });

  test('with some neighbours counts the nearest of each item of the taste', () => {
    fc.assert(
      fc.property(anyInteractions, fc.integer({ min: 1, max: 4 }), (all, neighbours) => {
        const columns = columnsOf(all);
        const shrinkage = 1.5;
        const recommender = fitted(itemKnn, all, { ...given, neighbours, shrinkage });
        for (const [item, column] of columns) {
          const similarities = new Map(
            [...columns]
              .filter(([other]) => other !== item)
              .map(([other, its]) => [other, similarity(column, its, shrinkage)]),
          );
          const sorted = [...similarities.values()].sort((a, b) => b - a);
          fc.pre(sorted.every((one, i) => i === 0 || sorted[i - 1] === one || sorted[i - 1]! - one > 1e-9));
          const list = new Map(nearest(similarities, neighbours));
          const naive = recommender.items.map((other) => 2 * (list.get(other) ?? 0));
          expectSame(recommender.score(tasteIn(all, new Map([[item, 2]]))), naive);
        }
      }),
    );
  });

  test('lists of more neighbours than there are items rank as all do', () => {
    fc.assert(
      fc.property(anyInteractions, (all) => {
        const [lists, steps] = [
          fitted(itemKnn, all, { ...given, neighbours: 50 }),
          fitted(itemKnn, all, given),
        ];
        for (const row of rowsOf(all).values()) {
          const taste = tasteIn(all, row);
          const [a, b] = [lists.score(taste), steps.score(taste)].map((all) =>
            [...all].map((one) => one || 0),
          ) as [number[], number[]];
          // An item is no neighbour of itself, so those of the taste differ.
          for (const place of taste.places) a[place] = b[place] = 0;
          expectSame(a, b);
        }
      }),
    );
  });
});

describe('a half-life', () => {
  const all = ['old', 'new', 'like old', 'like new'].flatMap((item) => [
    { recipient: item.includes('old') ? 'a' : 'b', item, weight: 1 },
    { recipient: item.includes('old') ? 'c' : 'd', item, weight: 1 },
  ]);
  const [likeNew, likeOld] = [0, 1];
  const taste = { places: Int32Array.of(2, 3), weights: Float32Array.of(1, 1) };

  test.each([itemKnn, userKnn])(
    'of $name lets what was done last count most, where that is known',
    (kind) => {
      const recommender = fitted(kind, all, { halfLife: 2 });
      const plain = recommender.score(taste);
      expect(plain[likeOld]).toBeCloseTo(plain[likeNew]!, 9);
      const later = recommender.score({ ...taste, ages: Int32Array.of(0, 2) });
      expect(recommender.items[2]).toBe('new');
      // Two things later it counts half; of recipients it is the similarity that does, to one common length.
      expect(later[likeOld]! / later[likeNew]!).toBeCloseTo(0.5, 6);
    },
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  Cascade,
  cascadeFromJSON,
  cascadeToJSON,
  type CascadeParts,
} from '../../../src/strategies/cf/cascade.js';
import { matrixOf } from '../../../src/strategies/cf/matrix.js';
import type { Recommender, Taste } from '../../../src/strategies/cf/recommender.js';
import { findRecommender } from '../../../src/strategies/cf/recommenders.js';
import type { Json } from '../../../src/strategies/strategy.js';
import { anyInteractions } from './any-matrix.js';

const everything = (): boolean => true;
const worthsOf = (...items: readonly string[]) => new Map(items.map((item) => [item, 1]));

/** Scores as given, and what was asked. */
function scoring(items: readonly string[], scores: readonly number[], asked: Taste[] = []): Recommender {
  return {
    items,
    score(taste) {
      asked.push(taste);
      return Float64Array.from(scores);
    },
    because: (_, place, most) => (most > 0 ? [{ kind: 'item', id: `why ${items[place]}`, share: 1 }] : []),
    toJSON: () => null,
  };
}

const names = ['a', 'b', 'c', 'd', 'e'];
const popular = scoring(names, [5, 4, 3, 2, 1]);

describe('what is asked', () => {
  test('is the method, another one below the bound, and best sellers where nothing is known', () => {
    const cascade = new Cascade({
      main: { method: 'main', recommender: scoring(['a', 'b', 'c', 'd'], [1, 2, 3, 4]) },
      sparse: { method: 'other', recommender: scoring(['b', 'c'], [1, 2]), below: 3 },
      popular,
    });
    const by = (...items: readonly string[]) => {
      const { by: first, known } = cascade.rank(worthsOf(...items), everything, 2);
      return [first, known];
    };
    expect(by('a', 'b', 'c')).toEqual(['main', 3]);
    expect(by('a', 'b')).toEqual(['other', 2]);
    expect(by('a', 'b', 'gone', 'away')).toEqual(['other', 2]);
    // The other method knows none of these: the first one is asked after all.
    expect(by('a', 'd')).toEqual(['main', 2]);
    expect(by('gone')).toEqual(['popular', 0]);
    // What only the other method knows is no item that is known.
    expect(by()).toEqual(['popular', 0]);
    const all = cascade.withoutSparse().rank(worthsOf('b'), everything, 2);
    expect([all.by, all.ranked[0]]).toEqual(['main', { item: 'd', score: 4, by: 'main' }]);
  });

  test('is told places that rise, with weights, and how long ago each was done', () => {
    const asked: Taste[] = [];
    const cascade = new Cascade({
      main: { method: 'main', recommender: scoring(names, [1, 1, 1, 1, 1], asked) },
      popular,
    });
    cascade.rank(new Map([['d', 2], ['gone', 9], ['a', 3], ['c', 1]]), everything, 2); // prettier-ignore
    expect(asked).toEqual([
      {
        places: Int32Array.of(0, 2, 3),
        weights: Float32Array.of(3, 1, 2),
        ages: Int32Array.of(1, 0, 2),
      },
    ]);
  });
});

describe('what comes out', () => {
  const main = (scores: readonly number[]): CascadeParts => ({
    main: { method: 'main', recommender: scoring(names, scores) },
    popular,
  });

  test('are the best that are allowed; ties go to the lower id; what has no score is filled up by best sellers', () => {
    const cascade = new Cascade(main([NaN, 2, NaN, 2, -1]));
    const { ranked } = cascade.rank(worthsOf('a'), (item) => item !== 'a', 5);
    expect(ranked.map(({ item, by }) => [item, by])).toEqual([
      ['b', 'main'],
      ['d', 'main'],
      ['e', 'main'],
      ['c', 'popular'],
    ]);
    expect(ranked.map(({ score }) => score)).toEqual(
      [...ranked.map(({ score }) => score)].sort((a, b) => b - a),
    );
    expect(ranked[3]!.score).toBeLessThan(-1);
    expect(cascade.rank(worthsOf('a'), () => false, 5).ranked).toEqual([]);
    expect(cascade.rank(worthsOf('a'), everything, 0).ranked).toEqual([]);
  });

  test('has reasons of the method that was asked, for what it knows', () => {
    const { because, via } = new Cascade(main([1, 2, 3, 4, 5])).rank(worthsOf('a'), everything, 2);
    expect(because('c', 1)).toEqual([{ kind: 'item', id: 'why c', share: 1 }]);
    expect(because('gone', 1)).toEqual([]);
    expect(via('c', 1)).toEqual([]);
  });

  test('is for any matrix, taste, method and ban a list without repetition, falling, of what is allowed', () => {
    const methods = ['popular', 'item_knn', 'user_knn', 'als', 'hybrid'];
    const subset = fc.subarray(['i', 'j', 'k', 'l', 'm', 'n', 'o', 'gone']);
    fc.assert(
      fc.property(
        ...([anyInteractions, fc.constantFrom(...methods), fc.constantFrom(...methods)] as const),
        ...([subset, subset, fc.nat(8), fc.nat(4)] as const),
        (all, method, other, taste, banned, most, below) => {
          const fit = (name: string): Recommender => {
            const kind = findRecommender(name)!;
            const settings = kind.parse({ weights: 'given' });
            const fitted = kind.fit(matrixOf(all), settings.ok && settings.value, 'seed');
            if ('refused' in fitted) throw new Error(fitted.reason);
            return fitted;
          };
          const parts: CascadeParts = {
            main: { method, recommender: fit(method) },
            sparse: { method: other, recommender: fit(other), below },
            popular: fit('popular'),
          };
          const allowed = (item: string): boolean => !banned.includes(item);
          const { ranked } = new Cascade(parts).rank(worthsOf(...taste), allowed, most);
          const items = ranked.map(({ item }) => item);
          const there = [...new Set(all.map(({ item }) => item))].filter(allowed);
          expect(items.length).toBe(Math.min(most, there.length));
          expect(new Set(items).size).toBe(items.length);
          expect(items.every(allowed)).toBe(true);
          const scores = ranked.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
          // The same from what was stored, and again.
          const stored = JSON.parse(JSON.stringify(cascadeToJSON(parts))) as Json;
          expect(cascadeFromJSON(stored).rank(worthsOf(...taste), allowed, most).ranked).toEqual(ranked);
        },
      ),
    );
  });
});

test('a list of best sellers is the same for everybody', () => {
  const cascade = new Cascade({ main: { method: 'main', recommender: popular }, popular });
  expect(cascade.rankPopular((item) => item !== 'a', 2)).toEqual([
    { item: 'b', score: 4, by: 'popular' },
    { item: 'c', score: 3, by: 'popular' },
  ]);
  expect(cascade.similar('gone', 3)).toBe('unknown');
  expect(cascade.similar('a', 3)).toBeUndefined();
  expect(cascade.neighbours(worthsOf('a'), 3)).toBeUndefined();
});

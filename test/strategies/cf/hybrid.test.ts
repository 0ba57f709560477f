import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { seededRandom } from '../../../src/evaluation/random.js';
import { als } from '../../../src/strategies/cf/als.js';
import { hybrid } from '../../../src/strategies/cf/hybrid.js';
import { itemKnn } from '../../../src/strategies/cf/item-knn.js';
import { type Interaction, type Matrix, matrixOf } from '../../../src/strategies/cf/matrix.js';
import { measureHoldOut } from '../../../src/strategies/cf/measure-hold-out.js';
import type { Recommender, RecommenderKind, Taste } from '../../../src/strategies/cf/recommender.js';
import type { Json } from '../../../src/strategies/strategy.js';
import { userKnn } from '../../../src/strategies/cf/user-knn.js';
import { topPlaces } from '../../../src/strategies/cf/top.js';
import { described, someInteractions, tasteOf } from '../../conformance/recommender.js';
import { anyInteractions, rowsOf, tasteIn } from './any-matrix.js';

function fitted<Settings>(kind: RecommenderKind<Settings>, matrix: Matrix, settings: object): Recommender {
  const parsed = kind.parse(settings);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const found = kind.fit(matrix, parsed.value, 'seed');
  if ('refused' in found) throw new Error(found.reason);
  return found;
}

const matrix = described(someInteractions());
const only = (part: object) => ({ items: 0, recipients: 0, als: 0, attributes: 0, ...part });
const taste: Taste = { ...tasteOf([0, 3, 4]), ages: Int32Array.of(2, 0, 1) };

/** Its best new item as 1, nothing as 0. */
function scaled(scores: Float64Array, { places }: Taste): number[] {
  const fresh = [...scores].map((score, place) => (places.includes(place) ? 0 : score || 0));
  const most = Math.max(...fresh);
  return [...scores].map((score) => Math.max(0, score || 0) / most);
}

describe('a blend', () => {
  const parts = [
    [{ items: 0.7 }, fitted(itemKnn, matrix, { halfLife: 3 })],
    [{ recipients: 0.3 }, fitted(userKnn, matrix, { neighbours: 50, halfLife: 5 })],
    [{ als: 0.4 }, fitted(als, matrix, {})],
  ] as const;

  test('of one part ranks as it does', () => {
    for (const [part, alone] of parts) {
      const blend = scaled(fitted(hybrid, matrix, only(part)).score(taste), taste);
      scaled(alone.score(taste), taste).forEach((one, place) => expect(blend[place]).toBeCloseTo(one, 9));
    }
  });

  test('of all parts is their sum by weight, each scaled so that its best new item is 1', () => {
    const weights = Object.assign({}, ...parts.map(([part]) => part)) as object;
    const blend = fitted(hybrid, matrix, only(weights)).score(taste);
    matrix.items.forEach((_, place) => {
      const sum = parts.reduce((total, [part, alone]) => {
        const [weight] = Object.values(part);
        return total + weight! * scaled(alone.score(taste), taste)[place]!;
      }, 0);
      expect(blend[place] || 0).toBeCloseTo(sum, 9);
    });
  });

  test('names what speaks for an item, of all parts together, each thing once', () => {
    const recommender = fitted(hybrid, matrix, {});
    const all = recommender.because(taste, 2, 100);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['item', 'recipient', 'attribute']));
    expect(new Set(all.map(({ kind, id }) => `${kind} ${id}`)).size).toBe(all.length);
    expect(all.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  test('without attributes, or with some below a bound, looks at them where it may', () => {
    const speak = (settings: object, of: Matrix, whose: Taste): boolean =>
      fitted(hybrid, of, settings)
        .because(whose, 2, 100)
        .some(({ kind }) => kind === 'attribute');
    expect(speak({}, matrix, taste)).toBe(true);
    expect(speak({ below: 4 }, matrix, taste)).toBe(true);
    expect(speak({ below: 3 }, matrix, taste)).toBe(false);
    expect(speak({ attributes: 0 }, matrix, taste)).toBe(false);
    expect(speak({}, matrixOf(someInteractions()), taste)).toBe(false);
  });

  test('of attributes alone is refused, and so is a model without one of its parts, or with one of other items', () => {
    expect(hybrid.parse(only({ attributes: 1 }))).toMatchObject({ ok: false, problems: [{ path: 'items' }] });
    const json = fitted(hybrid, matrix, {}).toJSON() as { rest: Record<string, Json> };
    const { als: _, ...without } = json.rest;
    expect(() => hybrid.fromJSON({ ...json, rest: without })).toThrow('no model of a recommender');
    const small = fitted(als, matrixOf([{ recipient: 'a', item: 'x', weight: 1 }]), {}).toJSON();
    expect(() => hybrid.fromJSON({ ...json, rest: { ...json.rest, als: small } })).toThrow('other items');
    const short = { ...json.rest, words: ['half:0'] };
    expect(() => hybrid.fromJSON({ ...json, rest: short })).toThrow('out of order');
  });
});

/** Twenty genres of thirty items and five hits that everybody may have; everybody likes one genre and picks of it by chance. */
function genres(): { readonly matrix: Matrix; readonly heldOut: Parameters<typeof measureHoldOut>[1] } {
  const random = seededRandom('genres');
  const idOf = (genre: number, nth: number): string =>
    `g${String(genre).padStart(2, '0')}-${String(nth).padStart(2, '0')}`;
  const learn: Interaction[] = [];
  const later = new Map<string, string[]>();
  for (let r = 0; r < 120; r++) {
    const [recipient, genre] = [`r${r}`, r % 10];
    // Half are known by two things, half by eight.
    const size = r % 40 < 20 ? 2 : 8;
    const picks = new Set([`hit-${random.below(5)}`]);
    while (picks.size < size + 3) picks.add(idOf(genre, random.below(30)));
    const [...all] = picks;
    learn.push(...all.slice(0, size).map((item) => ({ recipient, item, weight: 1 })));
    later.set(recipient, all.slice(size));
  }
  const plain = matrixOf(learn);
  const heldOut = plain.recipients.map((recipient, row) => {
    const { starts, places } = plain.byRecipient;
    const relevant = later.get(recipient)!.map((item) => plain.items.indexOf(item));
    return {
      taste: tasteOf([...places.subarray(starts[row], starts[row + 1])]),
      relevant: new Set(relevant),
    };
  });
  return { matrix: { ...plain, attributes: plain.items.map((id) => [id.slice(0, 3)]) }, heldOut };
}

test('where items tell of a taste what few recipients do, attributes help those of whom little is known', () => {
  const { matrix: world, heldOut } = genres();
  const few = heldOut.filter((one) => one.taste.places.length < 5);
  expect(few.length).toBe(60);
  const hits = (settings: object): number => {
    const { values } = measureHoldOut(fitted(hybrid, world, settings), few, 10);
    return values.recall.reduce((sum, one) => sum + one, 0) / few.length;
  };
  const [blended, plain] = [hits({ als: 0, below: 5 }), hits({ als: 0, attributes: 0 })];
  // Who shares a hit says nothing of the genre.
  expect(blended).toBeGreaterThan(plain + 0.03);
  for (const kind of [itemKnn, userKnn] as unknown as RecommenderKind<unknown>[]) {
    const { values } = measureHoldOut(fitted(kind, world, {}), few, 10);
    expect(blended).toBeGreaterThan(values.recall.reduce((sum, one) => sum + one, 0) / few.length);
  }
});

/** Attributes of an item as the cosine with the summed attributes of the taste, in the plainest way. */
function byAttributes(attributes: readonly (readonly string[])[], { places, weights }: Taste): number[] {
  const words = [...new Set(attributes.flat())].sort();
  const rarity = (word: string) => Math.log(attributes.length / attributes.filter((list) => list.includes(word)).length); // prettier-ignore
  const vectors = attributes.map((list) => words.map((word) => (list.includes(word) ? rarity(word) : 0)));
  const length = (vector: readonly number[]) => Math.sqrt(vector.reduce((sum, one) => sum + one * one, 0));
  const profile = words.map((_, w) =>
    places.reduce((sum, place, t) => {
      const own = vectors[place] as number[];
      return length(own) > 0 ? sum + ((weights[t] as number) * (own[w] as number)) / length(own) : sum;
    }, 0),
  );
  return vectors.map((vector) => {
    const product = vector.reduce((sum, one, w) => sum + one * (profile[w] as number), 0);
    return product > 0 ? product / (length(profile) * length(vector)) : 0;
  });
}

test('a list is what a naive blend of the same parts has, item by item', () => {
  const wordsOf = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 });
  const lists = fc.array(wordsOf, { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(anyInteractions, lists, fc.nat(5), (interactions, words, who) => {
      const plain = matrixOf(interactions);
      const known = { ...plain, attributes: words.slice(0, plain.items.length) };
      const rows = [...rowsOf(interactions).values()];
      const own = tasteIn(interactions, rows[who % rows.length]!);
      const sums = plain.items.map(() => 0);
      const add = (weight: number, scores: ArrayLike<number>): void => {
        const fresh = Array.from(scores, (score, place) => (own.places.includes(place) ? 0 : score || 0));
        const most = Math.max(0, ...fresh);
        if (most === 0) return;
        sums.forEach((sum, place) => (sums[place] = sum + (weight / most) * Math.max(0, scores[place] || 0)));
      };
      add(0.7, fitted(itemKnn, known, { halfLife: 3 }).score(own));
      add(0.3, fitted(userKnn, known, { halfLife: 5 }).score(own));
      add(0.4, fitted(als, known, {}).score(own));
      const binary = { ...own, weights: own.weights.map(() => 1) };
      add(0.3, byAttributes(known.attributes, binary));
      const scores = fitted(hybrid, known, {}).score(own);
      sums.forEach((sum, place) => expect(scores[place] || 0).toBeCloseTo(sum, 9));
      const nearly = (list: ArrayLike<number>) => Float64Array.from(list, (one) => (one > 0 ? Math.round(one * 1e9) : NaN)); // prettier-ignore
      expect(topPlaces(nearly(scores), 5, own.places)).toEqual(topPlaces(nearly(sums), 5, own.places));
    }),
    { numRuns: 60 },
  );
});

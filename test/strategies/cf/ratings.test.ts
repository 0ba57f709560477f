import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Interaction, matrixOf } from '../../../src/strategies/cf/matrix.js';
import { ratingPredictors } from '../../../src/strategies/cf/ratings/rating-predictors.js';
import { lengthOf, type Row, rowsOf } from './any-matrix.js';

const rated = (recipient: string, ratings: Readonly<Record<string, number>>): Interaction[] =>
  Object.entries(ratings).map(([item, weight]) => ({ recipient, item, weight }));

function predict(method: string, all: readonly Interaction[], recipient: string, item: string): number {
  const kind = ratingPredictors.find(({ name }) => name === method);
  const matrix = matrixOf(all);
  const [row, column] = [matrix.recipients.indexOf(recipient), matrix.items.indexOf(item)];
  if (!kind || row < 0 || column < 0) throw new Error(`${method}, ${recipient} or ${item} is not there`);
  return kind.fit(matrix)(row)(column);
}

const world = [
  ...rated('ada', { cup: 5, pot: 3 }),
  ...rated('bob', { cup: 4, pot: 2, map: 3 }),
  ...rated('eve', { cup: 1, pot: 5, map: 5 }),
];

describe('by hand', () => {
  test('means', () => {
    expect(predict('global_mean', world, 'ada', 'map')).toBeCloseTo(28 / 8, 12);
    expect(predict('user_mean', world, 'ada', 'map')).toBeCloseTo(4, 12);
    expect(predict('item_mean', world, 'ada', 'map')).toBeCloseTo(4, 12);
    expect(predict('item_mean', world, 'ada', 'pot')).toBeCloseTo(10 / 3, 12);
  });

  test('Pearson: who agrees speaks with the difference from their own mean, who disagrees is not heard', () => {
    // Ada and Bob go up and down alike (1), Ada and Eve against each other (-1): 4 + 1 · (3 − 3).
    expect(predict('user_pearson', world, 'ada', 'map')).toBeCloseTo(4, 12);
    const bolder = world.map((one) =>
      one.recipient === 'bob' && one.item === 'map' ? { ...one, weight: 6 } : one,
    );
    // Bob's mean is 4 then, and 4 + (6 − 4) = 6.
    expect(predict('user_pearson', bolder, 'ada', 'map')).toBeCloseTo(6, 12);
  });

  test('cosine: both are heard, by their cosine over what both rated', () => {
    const [bob, eve] = [(5 * 4 + 3 * 2) / Math.sqrt(34 * 20), (5 * 1 + 3 * 5) / Math.sqrt(34 * 26)];
    const expected = 4 + (bob * (3 - 3) + eve * (5 - 11 / 3)) / (bob + eve);
    expect(predict('user_cosine', world, 'ada', 'map')).toBeCloseTo(expected, 12);
  });

  test('bias: of one rating it goes to where the two shrunken means stand still', () => {
    // b = d / 11 with d = r − μ − c, c = (r − μ − b) / 16; of one rating r = μ, so nothing is left.
    expect(predict('bias', rated('ada', { cup: 4 }), 'ada', 'cup')).toBe(4);
    const two = [...rated('ada', { cup: 5 }), ...rated('bob', { pot: 3 })];
    // Around μ = 4 the item of Ada and Ada themself share 1: b = (1 − c) / 11, c = (1 − b) / 16, ten times from 0.
    let [b, c] = [0, 0];
    for (let sweep = 0; sweep < 10; sweep++) [b, c] = [(1 - c) / 11, (1 - (1 - c) / 11) / 16];
    expect(predict('bias', two, 'ada', 'cup')).toBeCloseTo(4 + b + c, 12);
    expect(predict('bias', two, 'ada', 'pot')).toBeCloseTo(4 - b + c, 12);
  });

  test('rates alike all the time: no Pearson with anybody, so the mean of the recipient', () => {
    const flat = [...rated('ada', { cup: 3, pot: 3 }), ...rated('bob', { cup: 4, pot: 2, map: 5 })];
    expect(predict('user_pearson', flat, 'ada', 'map')).toBe(3);
  });

  test('only the 40 nearest who rated the item are heard; of equals those of the lower id', () => {
    const others = Array.from({ length: 50 }, (_, i) =>
      rated(`b${String(i).padStart(2, '0')}`, { cup: 4, pot: 2, map: i < 40 ? 3 : 6 }),
    ).flat();
    const all = [...rated('ada', { cup: 5, pot: 3 }), ...others];
    // Those heard have the mean 3 and rate the map 3.
    expect(predict('user_pearson', all, 'ada', 'map')).toBeCloseTo(4, 12);
    const turned = all.map((one) => (one.item === 'map' ? { ...one, weight: 9 - one.weight } : one));
    // Mean 4 and 6: two above.
    expect(predict('user_pearson', turned, 'ada', 'map')).toBeCloseTo(6, 12);
  });
});

const anyRatings: fc.Arbitrary<Interaction[]> = fc.uniqueArray(
  fc.record({
    recipient: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    item: fc.constantFrom('i', 'j', 'k', 'l', 'm'),
    weight: fc.integer({ min: 0, max: 10 }).map((half) => half / 2),
  }),
  { minLength: 1, maxLength: 25, selector: ({ recipient, item }) => `${recipient} ${item}` },
);

describe('of any ratings', () => {
  test('every method has a number for everybody and everything, whatever the order of the rows', () => {
    fc.assert(
      fc.property(
        anyRatings.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const [matrix, again] = [matrixOf(all), matrixOf(shuffled)];
          for (const kind of ratingPredictors) {
            const [a, b] = [kind.fit(matrix), kind.fit(again)];
            matrix.recipients.forEach((_, row) => {
              matrix.items.forEach((_, item) => {
                expect(a(row)(item), kind.name).toBeTypeOf('number');
                expect(Number.isFinite(a(row)(item)), kind.name).toBe(true);
                expect(b(row)(item), kind.name).toBe(a(row)(item));
              });
            });
          }
        },
      ),
    );
  });

  test('Pearson and cosine are what their formulas say, in the plainest way', () => {
    fc.assert(
      fc.property(anyRatings, (all) => {
        const rows = rowsOf(all);
        const matrix = matrixOf(all);
        for (const method of ['user_pearson', 'user_cosine'] as const) {
          const predictor = ratingPredictors.find(({ name }) => name === method)!.fit(matrix);
          for (const [recipient, row] of rows) {
            const predictions = predictor(matrix.recipients.indexOf(recipient));
            for (const [place, item] of matrix.items.entries())
              expect(predictions(place)).toBeCloseTo(naive(method, rows, recipient, row, item), 6);
          }
        }
      }),
    );
  });
});

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of fewer than 40 others all positive ones are heard. */
function naive(
  method: 'user_pearson' | 'user_cosine',
  rows: ReadonlyMap<string, Row>,
  recipient: string,
  row: Row,
  item: string,
): number {
  let [sum, weight] = [0, 0];
  for (const [id, other] of rows) {
    const rating = other.get(item);
    const both = [...row.keys()].filter((one) => other.has(one));
    if (id === recipient || rating === undefined || both.length === 0) continue;
    const centred = (of: Row): Map<string, number> => {
      const mean = method === 'user_pearson' ? meanOf(both.map((one) => of.get(one)!)) : 0;
      return new Map(both.map((one) => [one, of.get(one)! - mean]));
    };
    const [x, y] = [centred(row), centred(other)];
    const product = [...x].reduce((total, [one, value]) => total + value * y.get(one)!, 0);
    const length = lengthOf(x) * lengthOf(y);
    const similarity = length > 1e-9 ? product / length : 0;
    if (similarity <= 1e-12) continue;
    sum += similarity * (rating - meanOf([...other.values()]));
    weight += similarity;
  }
  const mean = meanOf([...row.values()]);
  return weight > 0 ? mean + sum / weight : mean;
}

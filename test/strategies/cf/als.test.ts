import { expect, test } from 'vitest';

import { als } from '../../../src/strategies/cf/als.js';
import { solvePositive } from '../../../src/strategies/cf/cholesky.js';
import { unpackFloats } from '../../../src/strategies/cf/packed.js';
import type { Recommender } from '../../../src/strategies/cf/recommender.js';
import { described, someInteractions, tasteOf } from '../../conformance/recommender.js';

const matrix = described(someInteractions());
const [alpha, regularization, factors] = [10, 0.5, 3];

function fitted(sweeps: number): Recommender {
  const parsed = als.parse({ factors, alpha, regularization, sweeps });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const found = als.fit(matrix, parsed.value, 'seed');
  if ('refused' in found) throw new Error(found.reason);
  return found;
}

const tastes = matrix.recipients.map((_, r) => {
  const { starts, places } = matrix.byRecipient;
  return tasteOf([...places.subarray(starts[r], starts[r + 1])]);
});

/** Of the paper, equation 3, with the factors of recipients at their best for those of the items. */
function loss(recommender: Recommender): number {
  const { arrays } = recommender.toJSON() as { arrays: { factors: string } };
  const y = unpackFloats(arrays.factors);
  let sum = regularization * y.reduce((squares, one) => squares + one * one, 0);
  for (const taste of tastes) {
    const scores = recommender.score(taste);
    const did = new Set(taste.places);
    scores.forEach((score, place) => {
      sum += did.has(place) ? (1 + alpha) * (1 - score) ** 2 : score ** 2;
    });
    sum += regularization * squaresOf(taste.places, y);
  }
  return sum;
}

/** |x|² of one recipient, solved by elimination of its own. */
function squaresOf(places: Int32Array, y: Float32Array): number {
  const a = new Float64Array(factors * factors);
  const b = new Float64Array(factors);
  matrix.items.forEach((_, place) => {
    const own = y.subarray(place * factors, (place + 1) * factors);
    const confidence = places.includes(place) ? 1 + alpha : 1;
    own.forEach((value, row) => {
      if (confidence > 1) b[row]! += confidence * value;
      own.forEach((other, column) => (a[row * factors + column]! += confidence * value * other));
    });
  });
  for (let i = 0; i < factors; i++) a[i * factors + i]! += regularization;
  expect(solvePositive(a, b, factors)).toBe(true);
  return b.reduce((sum, one) => sum + one * one, 0);
}

test('every sweep lowers the loss of the paper, until it hardly does', () => {
  const losses = [1, 2, 3, 5, 10, 30, 60].map((sweeps) => loss(fitted(sweeps)));
  losses.slice(1).forEach((one, i) => expect(one).toBeLessThan(losses[i]! + 1e-4));
  expect(losses[0]! - losses[3]!).toBeGreaterThan(1);
  expect(losses[5]! - losses[6]!).toBeLessThan(0.05 * losses[6]!);
});

test('what speaks for an item adds up to its score', () => {
  const recommender = fitted(15);
  const taste = tasteOf([0, 2, 3, 6]);
  const scores = recommender.score(taste);
  const place = scores.indexOf(
    Math.max(...scores.map((score, i) => (taste.places.includes(i) ? -1 : score))),
  );
  const all = recommender.because(taste, place, 10);
  expect(all.length).toBeGreaterThan(1);
  expect(all.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  // A thing without which the score would be lower has a share: taking away the strongest lowers it most.
  const without = (id: string) =>
    recommender.score(tasteOf([...taste.places].filter((one) => recommender.items[one] !== id)))[place]!;
  const after = all.map(({ id }) => without(id));
  expect(Math.min(...after)).toBe(after[0]);
});

test('solves what is positive definite, and says where it is not', () => {
  const b = Float64Array.of(10, 8);
  expect(solvePositive(Float64Array.of(4, 99, 2, 3), b, 2)).toBe(true);
  expect([...b].map((one) => one.toFixed(9))).toEqual(['1.750000000', '1.500000000']);
  expect(solvePositive(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1), 2)).toBe(false);
  expect(solvePositive(Float64Array.of(NaN), Float64Array.of(1), 1)).toBe(false);
});

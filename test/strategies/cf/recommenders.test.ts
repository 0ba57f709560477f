import { expect, test } from 'vitest';

import { recommenderFromJSON, recommenders } from '../../../src/strategies/cf/recommenders.js';
import type { Json } from '../../../src/strategies/strategy.js';
import { describeRecommender } from '../../conformance/recommender.js';

/** Beside the usual ones. */
const others: Readonly<Record<string, object>> = {
  popular: { weights: 'given' },
  item_knn: { neighbours: 5, shrinkage: 2, halfLife: 2, weights: 'given' },
  user_knn: { neighbours: 8, shrinkage: 3, halfLife: 2, weights: 'given' },
  als: { factors: 3, sweeps: 4, alpha: 2, weights: 'given' },
  hybrid: { below: 2, neighbours: 8, items: 0, recipientHalfLife: null, weights: 'given' },
};

for (const kind of recommenders) describeRecommender(kind, others[kind.name] as object);

test('every kind is held to it, under a name of its own', () => {
  expect(recommenders.map(({ name }) => name).sort()).toEqual(Object.keys(others).sort());
});

test('a model of a kind that is not known is refused', () => {
  for (const json of [null, 1, [], {}, { recommender: 'dreams' }, { recommender: 7 }] as Json[])
    expect(() => recommenderFromJSON(json)).toThrow('no model of a recommender that is known here');
});

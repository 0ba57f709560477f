import { expect, test } from 'vitest';

import { collaborativeKind } from '../../../src/strategies/cf/collaborative.js';
import { parsed, slots } from './world.js';

test('a definition is refused with its place and words', () => {
  const problems = (change: object) => {
    const result = collaborativeKind.parse({ kind: 'collaborative', slots, method: 'item_knn', ...change });
    return result.ok ? [] : result.problems.map(({ path }) => path);
  };
  expect(problems({ method: 'guess' })).toEqual(['method']);
  expect(problems({ method: undefined })).toEqual(['method']);
  expect(problems({ items: 51 })).toEqual(['items']);
  expect(problems({ weights: { opened: 1 } })).toContain('weights');
  expect(problems({ weights: { view: 0 } })).toEqual(['weights.view']);
  expect(problems({ weights: {} })).toEqual(['weights']);
  expect(problems({ holdOut: '400d' })).toEqual(['holdOut']);
  expect(problems({ holdOut: { random: 0.9 } })).toEqual(['holdOut.random']);
  expect(problems({ dwell: { buckets: [] } })).toEqual(['dwell.buckets']);
  expect(
    problems({
      dwell: {
        buckets: [
          { from: 5, weight: 1 },
          { from: 5, weight: 2 },
        ],
      },
    }),
  ).toEqual(['dwell.buckets']);
  expect(problems({ weights: { purchase: 1 }, dwell: { buckets: [{ from: 0, weight: 1 }] } })).toEqual([
    'dwell',
  ]);
  expect(problems({ settings: { nonsense: 1 } })[0]).toMatch(/^settings/);
  expect(problems({ sparse: { method: 'item_knn', settings: { nonsense: 1 } } })[0]).toMatch(
    /^sparse\.settings/,
  );
  expect(problems({ sparse: { below: 0, method: 'item_knn' } })).toEqual(['sparse.below']);
  expect(problems({ exclude: { bought: 'soon' } })).toEqual(['exclude.bought']);
  expect(problems({ listsMaxAge: '0d' })).toEqual(['listsMaxAge']);
});

test('a definition lets declared weights count, unless it says otherwise', () => {
  expect(parsed({ method: 'als' }).settings).toMatchObject({ weights: 'given', factors: 16 });
  expect(parsed({ settings: { weights: 'binary' } }).settings).toMatchObject({ weights: 'binary' });
  expect(parsed({ sparse: { method: 'user_knn' } }).sparse).toMatchObject({
    below: 5,
    settings: { weights: 'given', neighbours: 50 },
  });
});

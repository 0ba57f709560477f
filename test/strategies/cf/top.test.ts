import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topPlaces } from '../../../src/strategies/cf/top.js';

const scores = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(NaN)), { maxLength: 40 });

test('the best places are those of a sort of everything that is not excluded, ties to the lower place', () => {
  fc.assert(
    fc.property(scores, fc.nat(12), fc.array(fc.nat(45)), (all, most, excluded) => {
      const sorted = [...all.keys()]
        .filter((place) => !Number.isNaN(all[place]) && !excluded.includes(place))
        .sort((a, b) => (all[b] as number) - (all[a] as number) || a - b);
      expect([...topPlaces(all, most, excluded)]).toEqual(sorted.slice(0, most));
    }),
  );
});

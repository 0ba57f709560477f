import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Eligibility } from '../../src/experiments/experiment.js';
import { type Item, snapshotOf } from '../../src/strategies/catalogue.js';
import { idsOf, without } from '../../src/strategies/candidates.js';
import { prepareFilter } from '../../src/strategies/eligibility.js';
import type { Profile } from '../../src/strategies/strategy.js';

const clock = new Date('2026-03-01T00:00:00Z');
const day = 86_400_000;

const items: readonly Item[] = [
  { id: 'a', category: 'shoes', price: 100, currency: 'EUR', stock: 1 },
  { id: 'b', category: 'shoes', stock: 0, price: 100, currency: 'EUR' },
  { id: 'c', category: 'hats', price: 0, currency: 'EUR' },
  { id: 'd', stock: 5 },
];

const bought = (item: string, daysAgo: number, type = 'purchase') => ({
  id: `${item}-${daysAgo}`,
  type,
  at: clock.getTime() - daysAgo * day,
  item,
});

function shown(eligibility: Eligibility, profile: Partial<Profile> = {}): string[] {
  const filter = prepareFilter(eligibility, { hash: '', items });
  const candidates = filter.candidates({ traits: {}, history: [], ...profile }, clock);
  return candidates().map(({ id }) => id);
}

describe('the filter', () => {
  test.each<[string, Eligibility, Partial<Profile>, string]>([
    ['shows all', {}, {}, 'abcd'],
    ['leaves out what is out of stock, not what is not counted', { inStock: true }, {}, 'acd'],
    ['leaves out what has no price, not what is free', { priced: true }, {}, 'abc'],
    ['leaves out categories, not what has none', { excludedCategories: ['shoes'] }, {}, 'cd'],
    ['shows nothing without consent', { consent: 'ok' }, {}, ''],
    ['takes no other value for consent', { consent: 'ok' }, { traits: { ok: 'true' } }, ''],
    ['takes no inherited consent', { consent: 'toString' }, {}, ''],
    ['shows all with consent', { consent: 'ok' }, { traits: { ok: true } }, 'abcd'],
    ['leaves out what was ever bought', { notBoughtMs: 'ever' }, { history: [bought('a', 900)] }, 'bcd'],
    ['leaves out what was just bought', { notBoughtMs: 2 * day }, { history: [bought('a', 2)] }, 'bcd'],
    ['shows what was bought before that', { notBoughtMs: 2 * day }, { history: [bought('a', 2.1)] }, 'abcd'],
    ['does not know yet', { notBoughtMs: 'ever' }, { history: [bought('a', 0)] }, 'abcd'],
    ['looks at purchases only', { notBoughtMs: 'ever' }, { history: [bought('a', 1, 'view')] }, 'abcd'],
  ])('%s', (_, eligibility, profile, expected) => {
    expect(shown(eligibility, profile).join('')).toBe(expected);
  });

  test('says why nobody may be shown an item', () => {
    const filter = prepareFilter({ inStock: true, excludedCategories: ['hats'] }, { hash: '', items });
    expect(['a', 'b', 'c', 'x'].map((id) => filter.refusal(id))).toEqual([
      undefined,
      'it is out of stock',
      'its category is excluded',
      'it is not in the snapshot',
    ]);
  });

  test('is asked once, and gives the same list to everybody who bought nothing', () => {
    const filter = prepareFilter({ notBoughtMs: 'ever' }, { hash: '', items });
    const one = filter.candidates({ traits: {}, history: [] }, clock);
    expect(one()).toBe(one());
    expect(filter.candidates({ traits: {}, history: [] }, clock)()).toBe(one());
  });
});

test('lists without some items know what is on them', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__');
  fc.assert(
    fc.property(fc.uniqueArray(id), fc.array(id), fc.array(id), (ids, first, second) => {
      const all = ids.map((name) => ({ id: name }));
      const left = without(without(all, new Set(first)), new Set(second));
      const expected = ids.filter((name) => !first.includes(name) && !second.includes(name));
      expect(left.map((item) => item.id)).toEqual(expected);
      for (const name of ['a', 'b', 'c', 'd', 'e', '__proto__', 'f'] as string[]) {
        expect(idsOf(left).has(name)).toBe(expected.some((one) => one === name));
      }
    }),
    { numRuns: 100 },
  );
});

describe('a snapshot', () => {
  test('is the same whatever the order of the items', () => {
    const [one, other] = [snapshotOf(items), snapshotOf([...items].reverse())];
    expect(one).toEqual(other);
    expect(one).toMatchObject({ ok: true, value: { items } });
  });

  test('refuses an id that stands there twice, and says which', () => {
    const twice = snapshotOf([...items, { id: 'c' }, { id: 'a' }]);
    expect(twice.ok ? [] : twice.problems.map(({ message }) => message.slice(0, 12))).toEqual([
      'the item "a"',
      'the item "c"',
    ]);
  });
});

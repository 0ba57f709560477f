import { describe, expect, test } from 'vitest';

import type { Item } from '../../src/strategies/catalogue.js';
import { popularKind } from '../../src/strategies/popular.js';
import type { Json, Profile } from '../../src/strategies/strategy.js';
import { describeStrategyKind } from '../conformance/strategy.js';

const clock = new Date('2024-05-06T07:08:09Z');
const day = 86_400_000;

const catalogue: readonly Item[] = [
  { id: 'boots', category: 'shoes' },
  { id: 'cap', category: 'hats' },
  { id: 'novel', category: 'books' },
  { id: 'sandals', category: 'shoes' },
  { id: 'unknown' },
];

const did = (type: string, item: string, daysAgo: number, id = `${type}-${item}-${daysAgo}`) => ({
  id,
  type,
  at: clock.getTime() - daysAgo * day,
  item,
});
const person = (...history: ReturnType<typeof did>[]): Profile => ({ traits: {}, history });

const histories = new Map([
  ['r1', [did('purchase', 'boots', 1), did('view', 'cap', 2), did('purchase', 'gone', 2)]],
  ['r2', [did('purchase', 'boots', 30), did('cart', 'novel', 1), did('opened', 'novel', 1)]],
  ['r3', [did('purchase', 'sandals', 60), did('purchase', 'cap', 400)]],
  ['r4', [did('view', 'unknown', 0.5)]],
]);

const slots = { headline: 'For you' };
describeStrategyKind(popularKind, [
  {
    name: 'of all',
    definition: { kind: 'popular', slots },
    profiles: [person()],
    catalogue,
    histories,
  },
  {
    name: 'of the favourite category',
    definition: {
      kind: 'popular',
      slots: { headline: { content: 'head@3' } },
      from: 'favourite_category',
      items: 2,
    },
    profiles: [person(), person(did('view', 'novel', 1)), person(did('view', 'gone', 1))],
    catalogue,
    histories,
  },
]);

function parsed(change: object = {}) {
  const definition = popularKind.parse({ kind: 'popular', slots, halfLife: '30d', ...change });
  if (!definition.ok) throw new Error(JSON.stringify(definition.problems));
  return definition.value;
}

function learned(change: object = {}) {
  const log = {
    histories,
    catalogue: { hash: '', items: catalogue },
    traits: new Map(),
    trials: new Map(),
  };
  const found = popularKind.learn?.(parsed(change), log, clock, '');
  return found === undefined || 'refused' in found ? null : found.state;
}

function chosen(profile: Profile, change: object = {}, candidates = catalogue) {
  const parts = { learned: learned(change), contents: new Map(), segments: new Map() };
  return popularKind.prepare(parsed(change), parts).decide(profile, () => candidates, clock);
}

describe('popular', () => {
  test('weighs events by type and age, within its window, of items that there are', () => {
    expect(learned()).toEqual({
      items: [
        ['boots', 'shoes', Number((5 * 2 ** (-1 / 30) + 5 * 0.5).toFixed(6))],
        ['novel', 'books', Number((2 * 2 ** (-1 / 30)).toFixed(6))],
        ['sandals', 'shoes', 1.25],
        ['unknown', null, Number((2 ** (-0.5 / 30)).toFixed(6))],
        ['cap', 'hats', Number((2 ** (-2 / 30)).toFixed(6))],
      ],
    });
    expect(learned({ weights: { view: 1 }, window: '1d' })).toMatchObject({
      items: [['unknown', null, expect.anything()]],
    });
  });

  test('recommends the best that may be shown, with what they score against the best of all', () => {
    expect(chosen(person(), { items: 2 })).toEqual({
      slots,
      items: [
        { item: 'boots', score: 1, reason: 'among the best sellers' },
        { item: 'novel', score: expect.closeTo(0.2646, 3) as number, reason: 'among the best sellers' },
      ],
      reason: 'best sellers',
      probability: 1,
    });
    const few = catalogue.filter(({ id }) => id === 'cap');
    expect(chosen(person(), {}, few)).toMatchObject({ items: [{ item: 'cap' }] });
    expect(chosen(person(), {}, [])).toEqual({ noChoice: 'none of the best sellers may be shown' });
  });

  test('puts the favourite category first, and fills up from the others', () => {
    const change = { from: 'favourite_category', items: 3 };
    const profile = person(did('cart', 'cap', 3), did('view', 'boots', 1));
    const choice = chosen(profile, change);
    expect(choice).toMatchObject({
      reason: 'best sellers in hats first',
      items: [{ item: 'cap', reason: 'best seller in hats' }, { item: 'boots', score: 1 }, { item: 'novel' }],
    });
    expect('items' in choice && choice.items?.[0]?.score).toBeGreaterThan(1);
    expect(chosen(person(), change)).toMatchObject({
      reason: 'best sellers',
      items: [{ item: 'boots' }, {}, {}],
    });
  });

  test('refuses odd definitions with their place, and to go on what it has not learned', () => {
    const paths = (definition: object) => {
      const result = popularKind.parse({ kind: 'popular', slots, ...definition });
      return result.ok ? [] : result.problems.map(({ path }) => path);
    };
    expect(paths({ items: 0 })).toEqual(['items']);
    expect(paths({ items: 51 })).toEqual(['items']);
    expect(paths({ weights: {} })).toEqual(['weights']);
    expect(paths({ weights: { opened: 1 } })).toContain('weights');
    expect(paths({ weights: { view: 0 } })).toEqual(['weights.view']);
    expect(paths({ halfLife: 'soon', window: '0d' })).toEqual(['halfLife', 'window']);
    expect(paths({ from: 'nowhere', half_life: '3d' })).toHaveLength(2);
    const states: Json[] = [null, [], {}, { items: [['a']] }, { items: [['a', 1, 'x']] }];
    for (const state of states) {
      const parts = { learned: state, contents: new Map(), segments: new Map() };
      expect(() => popularKind.prepare(parsed(), parts)).toThrow('has learned nothing');
    }
  });
});

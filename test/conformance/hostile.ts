import type { Behaviour, History } from '../../src/profiles/history.js';
import type { Item } from '../../src/strategies/catalogue.js';
import type { Profile } from '../../src/strategies/strategy.js';

/** Traits that a strategy meets sooner or later, whatever it expects. */
export const hostileTraits = [
  {},
  JSON.parse('{"__proto__": "x", "constructor": "y", "toString": 1, "hasOwnProperty": false}'),
  Object.assign(Object.create(null), { country: 'AT' }),
  { country: null, age: null },
  { country: 0, age: '', plan: false },
  { country: '', age: '3', plan: 'true' },
  { age: NaN, orders: Infinity, spent: -0 },
  { age: Number.MAX_VALUE, country: '\ud83d', plan: '\0' },
  { text: 'x'.repeat(100_000), 'a.b[0]': 'path', '': 'nameless' },
  Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`trait${i}`, i])),
] as Profile['traits'][];

export const hostileDefinitions = [
  undefined,
  null,
  0,
  '',
  'kind',
  [],
  {},
  { kind: 'no such kind' },
  () => 1,
  new Date(0),
];

/** Histories of events of these types that are odd in every way that a loader lets through, and in some that it does not. */
export function hostileHistories(types: readonly string[], items: readonly Item[], clock: Date): History[] {
  const now = clock.getTime();
  const item = items[0]?.id ?? 'x';
  return types.flatMap((type) => {
    const event = (id: string, at: number, more: Partial<Behaviour> = {}): Behaviour => ({
      id,
      type,
      at,
      ...more,
    });
    return [
      [event('a', now - 1)],
      [event('a', now - 1, { item, category: '__proto__', value: 0, currency: 'EUR' })],
      [event('a', 0, { item: 'no such item', category: '' })],
      [
        event('a', now - 5, { value: Number.MAX_SAFE_INTEGER, currency: 'XXX' }),
        event('b', now - 5, { value: -1 }),
      ],
      [event('a', now - 2, { item: 'constructor', class: 'scanner', order: '' })],
      [
        event('a', now - 3, {
          properties: JSON.parse('{"__proto__": {"x": 1}, "deep": [[[]]], "n": null}') as Record<
            string,
            unknown
          >,
        }),
      ],
      Array.from({ length: 2_000 }, (_, i) =>
        event(`e${i}`, now - 2_000 * 3_600_000 + i * 3_600_000, { item, value: i }),
      ),
    ];
  });
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    if (value instanceof Map) for (const inner of value.values()) deepFreeze(inner);
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

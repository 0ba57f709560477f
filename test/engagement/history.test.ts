import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventClasses, eventTypes } from '../../src/experiments/experiment.js';
import type { StoredEvent } from '../../src/engagement/event.js';
import {
  decodeHistory,
  encodeHistory,
  type HistoryEvent,
  inOrder,
  mergeHistories,
  needsOf,
  toHistoryEvent,
} from '../../src/engagement/history.js';
import { enrolledAt, metric } from './build.js';

const some = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const properties = fc.dictionary(
  fc.constantFrom('item', 'tier', 'constructor', '__proto__', 'x'),
  fc.oneof(fc.string(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { minKeys: 1, noNullPrototype: true },
);

const anyEvent: fc.Arbitrary<HistoryEvent> = fc
  .record({
    key: fc.stringMatching(/^[0-9a-v]{1,4}$/),
    type: fc.constantFrom(...eventTypes),
    at: fc.integer({ min: 946_684_800_000, max: 4_102_444_799_999 }),
    wave: some(fc.constantFrom('', 'second', 'ü"]')),
    class: some(fc.constantFrom(...eventClasses)),
    value: some(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 })),
    currency: some(fc.constantFrom('EUR', 'JPY')),
    order: some(fc.string({ unit: 'grapheme' })),
    target: some(fc.stringMatching(/^[0-9a-v]{1,4}$/)),
    properties: some(properties),
  })
  .map(
    (event) =>
      Object.fromEntries(
        Object.entries(event).filter(([, value]) => value !== undefined),
      ) as unknown as HistoryEvent,
  );

/** Events with keys of their own, as ids are. */
const anyHistory = fc.uniqueArray(anyEvent, { selector: (event) => event.key, maxLength: 12 });

describe('the text of a history', () => {
  it('holds every event as it was', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const text = encodeHistory(events);
        expect(encodeHistory(decodeHistory(text))).toBe(text);
        expect(text, 'nothing that an array literal must escape').not.toMatch(/[\s{},"\\]/);
        expect(decodeHistory(text)).toEqual(JSON.parse(JSON.stringify(events)));
      }),
    );
  });

  it('is short, and nothing where nothing happened', () => {
    expect(encodeHistory([])).toBe('');
    expect(decodeHistory('')).toEqual([]);
    expect(decodeHistory(null)).toEqual([]);
    const event = { key: 'k', type: 'converted', at: 5, value: 1999, currency: 'EUR' } as const;
    expect(encodeHistory([event])).toBe('k.n.5.v1jj.uEUR');
    expect(encodeHistory([{ key: 'k', type: 'sent', at: 5, wave: '' }])).toBe('k.s.5.w');
  });
});

describe('merging histories', () => {
  it('is that of sets: order, repetition and batching make no difference', () => {
    fc.assert(
      fc.property(anyHistory, fc.array(fc.nat(), { maxLength: 30 }), fc.nat(11), (events, picks, cut) => {
        const whole = encodeHistory(inOrder(events));
        const [a, b] = [events.slice(0, cut), events.slice(cut)];
        const text = (one: readonly HistoryEvent[], two: readonly HistoryEvent[]) =>
          encodeHistory(mergeHistories(one, two));
        expect(text(inOrder(a), b)).toBe(whole);
        expect(text(inOrder(b), [...a, ...a])).toBe(whole);
        expect(text(inOrder(events), events)).toBe(whole);
        let grown: readonly HistoryEvent[] = [];
        for (const i of picks)
          if (events.length > 0) grown = mergeHistories(grown, [events[i % events.length]!]);
        expect(encodeHistory(mergeHistories(grown, events))).toBe(whole);
      }),
    );
  });

  it('gives the history itself where nothing is new, which saves writing it', () => {
    const known = [{ key: 'a', type: 'sent', at: 5 }] as const;
    expect(mergeHistories(known, [])).toBe(known);
    expect(mergeHistories(known, [{ key: 'a', type: 'sent', at: 9 }])).toBe(known);
  });

  it('keeps events of one millisecond in the order of their keys', () => {
    const at = 5;
    const [a, b] = [{ key: 'a', type: 'sent', at } as const, { key: 'b', type: 'opened', at } as const];
    expect(mergeHistories([b], [a])).toEqual([a, b]);
    expect(mergeHistories([a], [b])).toEqual([a, b]);
  });
});

describe('what a history keeps', () => {
  const keyOf = (id: string) => `#${id}`;
  const event = (more: Partial<StoredEvent>): StoredEvent =>
    ({ id: 'e', type: 'view', at: new Date(enrolledAt), recipientKey: 'ann', ...more }) as StoredEvent;

  it('of events without a message: the types that metrics ask for, those that prove them, and what takes them back', () => {
    const types = (...metrics: Parameters<typeof metric>) =>
      [...needsOf({ metrics: metrics.map((one) => metric(one)) }).types].sort();
    const always = ['cancel', 'converted', 'purchase', 'refund', 'void'];
    expect(types({ event: 'converted' })).toEqual(always);
    expect(types({ event: 'view' })).toEqual([...always, 'view'].sort());
    expect(types({ event: 'opened' })).toEqual([
      'cancel',
      'clicked',
      'converted',
      'opened',
      'purchase',
      'refund',
      'void',
    ]);
    const denominator = { event: 'cart', classes: [], count: 'once' } as const;
    expect(types({ denominator })).toEqual(['cancel', 'cart', 'converted', 'purchase', 'refund', 'void']);
  });

  it('of properties: those that filters ask for, of the numerator and the denominator', () => {
    const where = (...names: string[]) => names.map((property) => ({ property, op: 'exists' }) as const);
    const denominator = { event: 'cart', classes: [], count: 'once', where: where('tier', 'order') } as const;
    const needs = needsOf({
      metrics: [
        metric({ event: 'view', where: where('item', 'value', 'class', 'currency', 'tier'), denominator }),
      ],
    });
    expect(needs.properties).toEqual(['item', 'tier']);
    const full = {
      item: 'sku',
      category: 'shoes',
      url: 'u',
      value: 5n,
      currency: 'EUR',
      properties: { tier: 2, other: 3 },
    };
    expect(toHistoryEvent(event(full), needs, keyOf, undefined)).toEqual({
      key: '#e', type: 'view', at: enrolledAt, value: 5, currency: 'EUR', properties: Object.assign(Object.create(null) as object, { item: 'sku', tier: 2 }),
    }); // prettier-ignore
    const unsaid = toHistoryEvent(event({ properties: { tier: null } }), needs, keyOf, undefined);
    expect(unsaid).toMatchObject({ key: '#e', properties: undefined });
  });

  it('never what a property only inherits', () => {
    const needs = needsOf({
      metrics: [metric({ event: 'view', where: [{ property: 'constructor', op: 'exists' }] })],
    });
    const inherited = toHistoryEvent(event({ properties: {} }), needs, keyOf, undefined);
    expect(inherited).toMatchObject({ key: '#e', properties: undefined });
    const own = JSON.parse('{"constructor":"own"}') as Record<string, unknown>;
    expect(toHistoryEvent(event({ properties: own }), needs, keyOf, undefined)?.properties).toHaveProperty(
      'constructor',
      'own',
    );
  });

  it('every known type of a message, and no unknown one', () => {
    const needs = needsOf({ metrics: [metric()] });
    expect(toHistoryEvent(event({ type: 'view' }), needs, keyOf, undefined)).toBeUndefined();
    expect(toHistoryEvent(event({ type: 'view' }), needs, keyOf, '')).toEqual({
      key: '#e',
      type: 'view',
      at: enrolledAt,
      wave: '',
    });
    expect(toHistoryEvent(event({ type: 'exploded' }), needs, keyOf, '')).toBeUndefined();
    expect(toHistoryEvent(event({ type: 'constructor' }), needs, keyOf, '')).toBeUndefined();
  });

  it('the key of what a void takes back', () => {
    const needs = needsOf({ metrics: [metric()] });
    expect(toHistoryEvent(event({ type: 'void', target: 'x' }), needs, keyOf, undefined)).toMatchObject({
      target: '#x',
    });
  });
});

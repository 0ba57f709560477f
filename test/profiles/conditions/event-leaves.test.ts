import { describe, expect, test } from 'vitest';

import { conditionSchema } from '../../../src/profiles/conditions/parse-condition.js';
import { needsOfCondition, prepareCondition } from '../../../src/profiles/conditions/prepare-condition.js';
import { traceCondition } from '../../../src/profiles/conditions/trace-condition.js';
import { parseWindow, windowStart } from '../../../src/profiles/conditions/window.js';
import { zoneOf } from '../../../src/profiles/conditions/zone.js';
import type { Behaviour, Profile } from '../../../src/profiles/history.js';

const none = new Map();
const clock = '2026-06-15T12:00:00Z';

type Told = Partial<Behaviour> & { readonly on: string };
const profileOf = (events: readonly Told[], traits: Profile['traits'] = {}): Profile => ({
  traits,
  history: events.map(({ on, ...rest }, i) => ({
    id: `e${i}`,
    type: 'purchase',
    at: Date.parse(on),
    ...rest,
  })),
});
const holds = (written: unknown, events: readonly Told[], at = clock, traits: Profile['traits'] = {}) =>
  prepareCondition(conditionSchema.parse(written), none)(profileOf(events, traits), Date.parse(at));

describe('windows', () => {
  const startOf = (timezone: string, at: string, within: string) =>
    new Date(windowStart(zoneOf({ timezone }), Date.parse(at), parseWindow(within)!)).toISOString();

  test.each([
    // A month back from a day that the earlier month lacks is its last day, in leap years too.
    ['UTC', '2026-03-31T10:00:00.000Z', '1mo', '2026-02-28T10:00:00.000Z'],
    ['UTC', '2024-03-31T10:00:00.000Z', '1mo', '2024-02-29T10:00:00.000Z'],
    ['UTC', '2024-02-29T10:00:00.000Z', '12mo', '2023-02-28T10:00:00.000Z'],
    ['UTC', '2026-05-31T10:00:00.000Z', '3mo', '2026-02-28T10:00:00.000Z'],
    ['UTC', '2026-01-15T00:00:00.001Z', '1mo', '2025-12-15T00:00:00.001Z'],
    ['UTC', '2026-07-31T10:00:00.000Z', '13mo', '2025-06-30T10:00:00.000Z'],
    // Clocks are put forward in Vienna on 29 March at 01:00 UTC and back on 25 October.
    ['Europe/Vienna', '2026-03-30T07:00:00.000Z', '1d', '2026-03-29T07:00:00.000Z'],
    ['Europe/Vienna', '2026-03-30T07:00:00.000Z', '2d', '2026-03-28T08:00:00.000Z'],
    ['Europe/Vienna', '2026-03-30T07:00:00.000Z', '48h', '2026-03-28T07:00:00.000Z'],
    ['Europe/Vienna', '2026-10-25T12:00:00.000Z', '1d', '2026-10-24T11:00:00.000Z'],
    // 02:30 was skipped on the 29th, and came twice on 25 October: 03:30 and the first of the two.
    ['Europe/Vienna', '2026-03-30T00:30:00.000Z', '1d', '2026-03-29T01:30:00.000Z'],
    ['Europe/Vienna', '2026-10-26T01:30:00.000Z', '1d', '2026-10-25T00:30:00.000Z'],
    // By the calendar of the recipient: it is still 31 March in New York.
    ['America/New_York', '2026-04-01T03:00:00.000Z', '1mo', '2026-03-01T04:00:00.000Z'],
    ['Asia/Kathmandu', '2026-03-30T18:15:00.000Z', '1mo', '2026-02-27T18:15:00.000Z'],
    ['Nowhere/None', '2026-03-30T07:00:00.000Z', '2d', '2026-03-28T07:00:00.000Z'],
  ])('in %s %s less %s is %s', (zone, at, within, start) => {
    expect(startOf(zone, at, within)).toBe(start);
  });

  test.each(['', '0d', '-1d', '1.5d', '30', '30 d', 'd', '10000d', '328mo', '1w', '1e3d', '३d'])('%j is none', (text) => {
    expect(parseWindow(text)).toBeUndefined();
  });

  test('are half-open: their start is inside, the clock is not', () => {
    const once = { event: 'purchase', within: '30d' };
    expect(holds(once, [{ on: '2026-05-16T12:00:00Z' }])).toBe(true);
    expect(holds(once, [{ on: '2026-05-16T11:59:59.999Z' }])).toBe(false);
    expect(holds(once, [{ on: '2026-06-15T11:59:59.999Z' }])).toBe(true);
    expect(holds(once, [{ on: clock }])).toBe(false);
    expect(holds({ event: 'purchase' }, [{ on: '2026-06-16T12:00:00Z' }])).toBe(false);
  });
}); // prettier-ignore

describe('a count', () => {
  const five = [1, 2, 3, 4, 5].map((day) => ({ on: `2026-06-0${day}T10:00:00Z`, item: day < 3 ? 'x' : 'y' }));
  test.each<[string, number | number[], boolean]>([
    ['more_than', 4, true],
    ['more_than', 5, false],
    ['at_least', 5, true],
    ['at_least', 6, false],
    ['fewer_than', 6, true],
    ['fewer_than', 5, false],
    ['at_most', 5, true],
    ['at_most', 4, false],
    ['eq', 5, true],
    ['ne', 5, false],
    ['between', [2, 5], true],
    ['between', [6, 9], false],
  ])('of five is %s %j: %s', (op, value, expected) => {
    expect(holds({ event: 'purchase', measure: 'count', op, value }, five)).toBe(expected);
  });

  test('of nothing is 0, which fewer than 1 and at most 0 are true of', () => {
    for (const test of [{ op: 'lt', value: 1 }, { op: 'eq', value: 0 }, { op: 'lte', value: 0 }]) {
      expect(holds({ event: 'purchase', measure: 'count', ...test }, [])).toBe(true);
    }
  });

  test('looks for one event that meets all filters, not for one event each', () => {
    const where = [
      { property: 'item', op: 'eq', value: 'x' },
      { property: 'category', op: 'eq', value: 'shoes' },
    ];
    const apart = [
      { on: '2026-06-01T10:00:00Z', item: 'x', category: 'hats' },
      { on: '2026-06-02T10:00:00Z', item: 'y', category: 'shoes' },
    ];
    expect(holds({ event: 'purchase', where }, apart)).toBe(false);
    expect(holds({ event: 'purchase', where }, [{ ...apart[0]!, category: 'shoes' }])).toBe(true);
  });

  test('of distinct items counts each once and those without one not at all', () => {
    const events = [...five, { on: '2026-06-06T10:00:00Z' }];
    const distinct = (value: number) => ({ event: 'purchase', measure: 'distinct', property: 'item', op: 'eq', value });
    expect(holds(distinct(2), events)).toBe(true);
  });
}); // prettier-ignore

describe('money', () => {
  const spent = (op: string, value: number, currency = 'USD') =>
    ({ event: 'purchase', measure: 'sum', property: 'value', currency, op, value });

  test('is added in minor units, so that ten times ten cents is one dollar', () => {
    const dimes = Array.from({ length: 10 }, (_, i) => ({ on: `2026-06-01T10:00:0${i}Z`, value: 10, currency: 'USD' }));
    expect(holds(spent('eq', 1), dimes)).toBe(true);
    expect(holds(spent('gt', 1), dimes)).toBe(false);
    expect(holds(spent('eq', 0.3), dimes.slice(0, 3))).toBe(true);
  });

  test('of other currencies is left out, and every currency has its own minor unit', () => {
    const events = [
      { on: '2026-06-01T10:00:00Z', value: 500, currency: 'JPY' },
      { on: '2026-06-02T10:00:00Z', value: 500, currency: 'USD' },
      { on: '2026-06-03T10:00:00Z', value: 5_000, currency: 'KWD' },
      { on: '2026-06-04T10:00:00Z', value: 99 },
    ];
    expect(holds(spent('eq', 500, 'JPY'), events)).toBe(true);
    expect(holds(spent('eq', 5, 'USD'), events)).toBe(true);
    expect(holds(spent('eq', 5, 'KWD'), events)).toBe(true);
    expect(holds(spent('eq', 0, 'EUR'), events)).toBe(true);
  });

  test('stays exact beyond what a double counts', () => {
    const most = 999_999_999_999_999;
    const many = Array.from({ length: 41 }, (_, i) => ({ on: '2026-06-01T10:00:00Z', value: i < 20 ? most : i < 40 ? -most : 7, currency: 'USD' }));
    expect(holds(spent('eq', 0.07), many)).toBe(true);
  });

  test('of one event is read in major units of its own currency', () => {
    const over = { event: 'purchase', where: [{ property: 'value', op: 'gte', value: 19.99 }] };
    expect(holds(over, [{ on: '2026-06-01T10:00:00Z', value: 1999, currency: 'EUR' }])).toBe(true);
    expect(holds(over, [{ on: '2026-06-01T10:00:00Z', value: 1998, currency: 'EUR' }])).toBe(false);
    expect(holds(over, [{ on: '2026-06-01T10:00:00Z', value: 20, currency: 'JPY' }])).toBe(true);
    expect(holds(over, [{ on: '2026-06-01T10:00:00Z', value: 1999, currency: 'KWD' }])).toBe(false);
  });
}); // prettier-ignore

describe('days since', () => {
  const since = (op: string, value: number | number[], measure = 'days_since_last') => ({ event: 'purchase', measure, op, value });
  const noon = '2026-04-16T12:00:00Z';

  test.each<[string, number | number[], string, boolean]>([
    ['gt', 60, noon, false],
    ['gte', 60, noon, true],
    ['gt', 60, '2026-04-16T11:59:59.999Z', true],
    ['lt', 60, '2026-04-16T12:00:00.001Z', true],
    ['lt', 60, noon, false],
    ['lte', 60, noon, true],
    ['between', [60, 61], noon, true],
    ['between', [59, 60], noon, true],
    ['between', [61, 62], noon, false],
    ['gte', 0, clock, false],
    ['gte', 0, '2026-06-15T11:59:59.999Z', true],
  ])('%s %j of %s: %s', (op, value, on, expected) => {
    expect(holds(since(op, value), [{ on }])).toBe(expected);
  });

  test('are never satisfied by who has no such event, whichever way they are compared', () => {
    for (const measure of ['days_since_last', 'days_since_first']) {
      for (const op of ['gt', 'gte', 'lt', 'lte']) expect(holds(since(op, 60, measure), [])).toBe(false);
    }
    expect(holds({ not: since('gt', 60) }, [])).toBe(true);
  });

  test('go by the first or the last', () => {
    const events = [{ on: '2026-01-01T00:00:00Z' }, { on: '2026-06-14T00:00:00Z' }];
    expect(holds(since('gt', 100, 'days_since_first'), events)).toBe(true);
    expect(holds(since('gt', 100), events)).toBe(false);
    expect(holds({ ...since('gt', 100, 'days_since_first'), within: '30d' }, events)).toBe(false);
  });

  test('go by the calendar of the recipient', () => {
    // Two calendar days of 47 hours together.
    const traits = { timezone: 'Europe/Vienna' };
    expect(holds(since('gte', 2), [{ on: '2026-03-28T08:00:00Z' }], '2026-03-30T07:00:00Z', traits)).toBe(true);
    expect(holds(since('gte', 2), [{ on: '2026-03-28T08:00:00Z' }], '2026-03-30T07:00:00Z')).toBe(false);
  });
}); // prettier-ignore

describe('opens and clicks', () => {
  const opened = (by?: string) => [{ on: '2026-06-14T10:00:00Z', type: 'opened', ...(by !== undefined && { class: by }) }];

  test('are those of people unless classes say otherwise', () => {
    expect(['human', 'privacy_proxy', 'scanner', 'unknown', undefined].map((by) => holds({ event: 'opened' }, opened(by)))).toEqual([true, false, false, false, false]);
    const classes = ['unknown', 'scanner'];
    expect(['human', 'privacy_proxy', 'scanner', 'unknown', undefined].map((by) => holds({ event: 'opened', classes }, opened(by)))).toEqual([false, false, true, true, true]);
    expect(conditionSchema.parse({ event: 'opened' })).toEqual({ event: 'opened', classes: ['human'], measure: 'count', op: 'gte', value: 1 });
  });
}); // prettier-ignore

test('different spellings have one canonical form', () => {
  const spellings = [
    { event: 'clicked' },
    { event: 'clicked', op: 'gte', value: 1 },
    { event: 'clicked', measure: 'count', op: 'at_least', value: 1, where: [] },
    { value: 1, op: 'at_least', classes: ['human'], event: 'clicked', measure: 'count' },
  ];
  const canonical = spellings.map((one) => JSON.stringify(conditionSchema.parse(one)));
  expect(new Set(canonical).size).toBe(1);
});

test('a trace names the window, how many events counted, the first and the last, and what came out', () => {
  const condition = conditionSchema.parse({
    event: 'purchase',
    where: [{ property: 'item', op: 'eq', value: 'x' }],
    measure: 'sum',
    property: 'value',
    currency: 'EUR',
    op: 'more_than',
    value: 20,
    within: '1mo',
  });
  const events = ['2026-05-01', '2026-05-20', '2026-06-10'].map((day) => ({
    on: `${day}T10:00:00Z`,
    item: 'x',
    value: 999,
    currency: 'EUR',
  }));
  expect(traceCondition(condition, none, profileOf(events), Date.parse(clock))).toEqual({
    ...condition,
    value: undefined,
    verdict: false,
    expected: 20,
    actual: 19.98,
    events: 2,
    from: '2026-05-15T12:00:00.000Z',
    until: '2026-06-15T12:00:00.000Z',
    first: '2026-05-20T10:00:00.000Z',
    last: '2026-06-10T10:00:00.000Z',
  });
  const recency = conditionSchema.parse({ event: 'cart', measure: 'days_since_last', op: 'gt', value: 60 });
  const at = Date.parse(clock);
  expect(traceCondition(recency, none, profileOf([]), at)).toMatchObject({ verdict: false, actual: null, events: 0 });
  const cart = profileOf([{ type: 'cart', on: '2026-04-16T06:00:00Z' }]);
  expect(traceCondition(recency, none, cart, at)).toMatchObject({ verdict: true, actual: 60.25, events: 1 });
}); // prettier-ignore

test('what is needed of a history is every type, back to the longest window, those of segments and features too', () => {
  const parse = (written: unknown) => conditionSchema.parse(written);
  const needs = (written: unknown, segments = none) => needsOfCondition(parse(written), segments);
  expect(needs({ trait: 'a', op: 'exists' })).toEqual({ types: [] });
  expect(needs({ event: 'cart', within: '4h' })).toEqual({ types: ['cart'], lookbackMs: 14_400_000 });
  expect(needs({ any: [{ event: 'cart', within: '4h' }, { event: 'view' }] })).toEqual({ types: ['cart', 'view'] });
  const segments = new Map([
    ['a@1', parse({ any: [{ segment: 'b@1' }, { event: 'view', within: '24h' }] })],
    ['b@1', parse({ all: [{ segment: 'a@1' }, { feature: 'count(cart, 10d)', op: 'gt', value: 1 }] })],
  ]);
  expect(needs({ segment: 'a@1' }, segments)).toEqual({ types: ['cart', 'view'], lookbackMs: 864_000_000 });
}); // prettier-ignore

test('a feature is asked once for a recipient and clock, about what was before it', () => {
  const condition = { all: [{ feature: 'frequency', op: 'gte', value: 2 }, { feature: 'frequency', op: 'lt', value: 3 }] };
  const events = [{ on: '2026-06-01T00:00:00Z' }, { on: '2026-06-02T00:00:00Z' }, { on: clock }];
  expect(holds(condition, events)).toBe(true);
  expect(holds(condition, events.slice(1))).toBe(false);
  expect(holds({ feature: 'recency_days', op: 'missing' }, [])).toBe(true);
  expect(holds({ feature: 'recency_days', op: 'lt', value: 5 }, [])).toBe(false);
}); // prettier-ignore

import { describe, expect, it } from 'vitest';
import type { Measure, Metric, PropertyFilter } from '../../src/experiments/experiment.js';
import { factRules, factsOf } from '../../src/engagement/facts.js';
import { type HistoryEvent, inOrder } from '../../src/engagement/history.js';
import { day, enrolledAt, experiment, happened, hour, metric, ofMessage } from './build.js';

function facts(one: Partial<Metric>, ...events: HistoryEvent[]) {
  const rules = factRules(experiment([metric(one)], { exchange: { JPY: '0.0061', USD: '0.92' } }));
  const { y, d, x } = factsOf(rules, enrolledAt, inOrder(events));
  return { y: Number(y[0]), d: Number(d[0]), x: Number(x[0]) };
}
const y = (one: Partial<Metric>, ...events: HistoryEvent[]) => facts(one, ...events).y;
const order = (key: string, hours: number, more: Partial<HistoryEvent> = {}) =>
  happened(key, 'converted', hours, more);

describe('what is counted', () => {
  it('is one recipient, however much happened', () => {
    const once = { type: 'proportion', count: 'once' } as const;
    expect(y(once)).toBe(0);
    expect(y(once, order('a', 1))).toBe(1);
    expect(y(once, order('a', 1), order('b', 2))).toBe(1);
  });

  it('is every event, or their amounts', () => {
    expect(y({ count: 'events' }, order('a', 1), order('b', 1), happened('p', 'purchase', 2))).toBe(3);
    const money = { type: 'money', count: 'value' } as const;
    expect(y(money, order('a', 1, { value: 1000, currency: 'EUR' }), order('b', 2))).toBe(1000);
  });

  it('is a second event after the first, where there is one late enough', () => {
    const again = { type: 'retention', count: 'again', gapMs: day } as const;
    expect(y(again)).toBe(0);
    expect(y(again, order('a', 1))).toBe(0);
    expect(y(again, order('a', 1), order('b', 24.9))).toBe(0);
    expect(y(again, order('a', 1), order('b', 25)), 'exactly a day later').toBe(1);
    expect(
      y(again, order('a', 1), order('b', 20), order('c', 30)),
      'later than the first, not than the one before',
    ).toBe(1);
    expect(y(again, order('a', 1), order('b', 14 * 24)), 'outside the window').toBe(0);
    const { gapMs: _, ...anyTime } = again;
    expect(y(anyTime, order('a', 1))).toBe(0);
    expect(y(anyTime, order('a', 1), order('b', 1))).toBe(1);
    expect(
      y(anyTime, order('a', 1, { order: 'o' }), order('b', 9, { order: 'o' })),
      'one order is not two',
    ).toBe(0);
  });

  it('is whole minutes to the first, and the whole window where there is none', () => {
    const minutes = { type: 'time_to_event', count: 'minutes', from: 'assignment' } as const;
    expect(y(minutes)).toBe(14 * 24 * 60);
    expect(y(minutes, order('a', 2), order('b', 1))).toBe(60);
    expect(y(minutes, order('a', 0))).toBe(0);
    expect(y(minutes, { ...order('a', 0), at: enrolledAt + 119_999 }), 'begun minutes do not count').toBe(1);
    expect(y(minutes, order('a', -1))).toBe(14 * 24 * 60);
    expect(y({ ...minutes, windowMs: 90_000 })).toBe(1);
    expect(
      y({ ...minutes, delayMs: hour }, order('a', 0.5), order('b', 3)),
      'from the end of the delay',
    ).toBe(120);
    const opened = { ...minutes, event: 'opened', from: 'first_send' } as const;
    expect(y(opened, ofMessage('s', 'sent', 1), ofMessage('c', 'clicked', 3)), 'a click proves an open').toBe(
      120,
    );
    expect(y(opened, ofMessage('s', 'sent', 1), ofMessage('c', 'opened', 0)), 'not before its send').toBe(0);
  });

  it('is proven by what cannot be without it, but never more often than it happened', () => {
    const events = [
      ofMessage('c1', 'clicked', 1),
      ofMessage('c2', 'clicked', 2),
      ofMessage('o', 'opened', 3),
    ];
    const of = (event: Metric['event'], count: Metric['count']) =>
      y({ event, count, type: count === 'once' ? 'proportion' : 'mean' }, ...events);
    expect(of('opened', 'once')).toBe(1);
    expect(y({ event: 'opened', type: 'proportion', count: 'once' }, events[0]!)).toBe(1);
    expect(y({ event: 'sent', type: 'proportion', count: 'once' }, ofMessage('b', 'bounced', 1))).toBe(1);
    expect(y({ event: 'delivered', type: 'proportion', count: 'once' }, ofMessage('b', 'bounced', 1))).toBe(
      0,
    );
    expect(of('opened', 'events'), 'clicks are no opens to be counted').toBe(1);
    expect(of('clicked', 'events')).toBe(2);
    expect(y({ event: 'clicked', type: 'proportion', count: 'once' }, ofMessage('o', 'opened', 3))).toBe(0);
  });

  it('is by the class of an open or click, unknown where none is said', () => {
    const clicks = (...classes: Metric['classes']) =>
      ({ event: 'clicked', type: 'mean', count: 'events', classes }) as const;
    const events = [
      ofMessage('a', 'clicked', 1, { class: 'human' }),
      ofMessage('b', 'clicked', 1, { class: 'scanner' }),
      ofMessage('c', 'clicked', 1),
    ];
    expect(y(clicks('human'), ...events)).toBe(1);
    expect(y(clicks('human', 'unknown'), ...events)).toBe(2);
    expect(y(clicks('privacy_proxy'), ...events)).toBe(0);
    const human = { event: 'opened', type: 'proportion', count: 'once', classes: ['human'] } as const;
    expect(y(human, events[1]!), 'what a scanner clicks, no human opened').toBe(0);
    expect(y(human, events[0]!)).toBe(1);
    const delivered = { event: 'delivered', type: 'proportion', count: 'once', classes: [] } as const;
    expect(y(delivered, events[1]!), 'but it was delivered').toBe(1);
  });
});

describe('a condition', () => {
  const view = (properties: Record<string, unknown>, hours = 1, more: Partial<HistoryEvent> = {}) =>
    happened(`v${JSON.stringify(properties)}${hours}`, 'view', hours, { properties, ...more });
  const meets = (filter: PropertyFilter, ...events: HistoryEvent[]) =>
    y({ event: 'view', count: 'events', where: [filter] }, ...events);
  type Case = [PropertyFilter['op'], PropertyFilter['value'], unknown, number];
  const cases: Case[] = [
    ['eq', 'a', 'a', 1], ['eq', 'a', 'b', 0], ['eq', 1, '1', 0], ['eq', true, true, 1], ['eq', 'a', undefined, 0],
    ['ne', 'a', 'b', 1], ['ne', 'a', 'a', 0], ['ne', 'a', undefined, 0],
    ['in', ['a', 1], 1, 1], ['in', ['a', 1], 'b', 0], ['in', ['a'], undefined, 0],
    ['gt', 2, 2, 0], ['gt', 2, 2.01, 1], ['gte', 2, 2, 1], ['gte', 2, 1.99, 0],
    ['lt', 2, 2, 0], ['lt', 2, 1.99, 1], ['lte', 2, 2, 1], ['lte', 2, 2.01, 0], ['gt', 2, '3', 0], ['lt', 2, undefined, 0],
    ['gte', '2026-03-01', '2026-03-01', 1], ['gt', '2026-03-01', '2026-02-28', 0],
    ['exists', undefined, false, 1], ['exists', undefined, undefined, 0],
  ]; // prettier-ignore

  it.each(cases)('%s %j is met by %j: %i', (op, value, given, expected) => {
    const filter = { property: 'tier', op, ...(value !== undefined && { value }) } as PropertyFilter;
    expect(meets(filter, view(given === undefined ? {} : { tier: given }))).toBe(expected);
  });

  it('is one of several that must all hold', () => {
    const where = [
      { property: 'tier', op: 'gte', value: 2 },
      { property: 'item', op: 'eq', value: 'sku' },
    ] as const;
    expect(y({ event: 'view', where }, view({ tier: 2, item: 'sku' }))).toBe(1);
    expect(y({ event: 'view', where }, view({ tier: 2 }))).toBe(0);
    expect(y({ event: 'view', where }, view({ tier: 1, item: 'sku' }))).toBe(0);
  });

  it('on an inherited name is not met', () => {
    expect(meets({ property: 'constructor', op: 'exists' }, view({}))).toBe(0);
    expect(meets({ property: 'toString', op: 'ne', value: 'x' }, view({ tier: 1 }))).toBe(0);
  });

  it('on the value reads major units of the currency of the experiment', () => {
    const over50 = { where: [{ property: 'value', op: 'gte', value: 50 }] } as const;
    expect(y(over50, order('a', 1, { value: 5000, currency: 'EUR' }))).toBe(1);
    expect(y(over50, order('a', 1, { value: 4999, currency: 'EUR' }))).toBe(0);
    expect(y(over50, order('a', 1, { value: 5500, currency: 'USD' })), '55 dollars are 50.60 euros').toBe(1);
    expect(y(over50, order('a', 1, { value: 5400, currency: 'USD' })), '54 dollars are 49.68 euros').toBe(0);
    expect(y(over50, order('a', 1, { value: 8000, currency: 'JPY' })), '8000 yen are 48.80 euros').toBe(0);
    expect(y(over50, order('a', 1, { value: 8200, currency: 'JPY' })), '8200 yen are 50.02 euros').toBe(1);
    const reports = [
      order('a', 1, { order: 'o' }),
      order('b', 2, { order: 'o', value: 8000, currency: 'JPY' }),
    ];
    expect(y(over50, ...reports), 'also where a later report names it').toBe(0);
  });

  it('on currency, order or class reads the field', () => {
    const paidIn = (value: string) => ({ where: [{ property: 'currency', op: 'eq', value }] }) as const;
    expect(y(paidIn('USD'), order('a', 1, { value: 1, currency: 'USD' }))).toBe(1);
    expect(y(paidIn('EUR'), order('a', 1, { value: 1, currency: 'USD' }))).toBe(0);
    expect(
      y(
        paidIn('JPY'),
        order('a', 1, { order: 'o' }),
        order('b', 2, { order: 'o', value: 8000, currency: 'JPY' }),
      ),
    ).toBe(1);
    expect(
      y({ where: [{ property: 'order', op: 'exists' }] }, order('a', 1, { order: 'o' }), order('b', 1)),
    ).toBe(1);
  });

  describe('on the time before the assignment', () => {
    const op = (name: 'new' | 'above_history' | 'has_history') => ({ property: 'tier', op: name }) as const;
    const before = view({ tier: 2 }, -5);

    it('says nothing of a recipient without a history', () => {
      for (const name of ['new', 'above_history', 'has_history'] as const) {
        expect(meets(op(name), view({ tier: 3 })), name).toBe(0);
        expect(meets(op(name), view({}, -5), view({ tier: 3 })), `${name}: without the property`).toBe(0);
        expect(
          meets(op(name), happened('c', 'cart', -5, { properties: { tier: 1 } }), view({ tier: 3 })),
          `${name}: of another type`,
        ).toBe(0);
        expect(
          meets(op(name), view({ tier: 2 }, 0), view({ tier: 3 })),
          `${name}: at the assignment is not before it`,
        ).toBe(0);
      }
    });

    it('new: in none of them', () => {
      expect(meets(op('new'), before, view({ tier: 3 }))).toBe(1);
      expect(meets(op('new'), before, view({ tier: 2 }))).toBe(0);
      expect(meets(op('new'), before, view({ tier: 1 }))).toBe(1);
      expect(
        meets(op('new'), before, view({ tier: 3 }), view({ tier: 3 }, 2)),
        'new since the assignment, both times',
      ).toBe(2);
      expect(meets(op('new'), before, view({}))).toBe(0);
    });

    it('above_history: greater than all of them', () => {
      expect(meets(op('above_history'), before, view({ tier: 1 }, -9), view({ tier: 3 }))).toBe(1);
      expect(meets(op('above_history'), before, view({ tier: 2 }))).toBe(0);
      expect(meets(op('above_history'), before, view({ tier: 1 }))).toBe(0);
      expect(
        meets(op('above_history'), view({ tier: 'high' }, -5), view({ tier: 3 })),
        'no number before',
      ).toBe(0);
      expect(meets(op('above_history'), before, view({ tier: 'high' }))).toBe(0);
    });

    it('has_history: true of every event of who has one', () => {
      expect(meets(op('has_history'), before, view({ tier: 1 }), view({}, 2))).toBe(2);
    });

    it('knows purchases as conversions and refunds as neither', () => {
      const where = [{ property: 'value', op: 'above_history' }] as const;
      const paid = (key: string, hours: number, value: number) =>
        happened(key, 'purchase', hours, { value, currency: 'EUR' });
      expect(y({ where }, paid('a', -5, 1000), order('b', 1, { value: 1001, currency: 'EUR' }))).toBe(1);
      expect(y({ where }, paid('a', -5, 1000), order('b', 1, { value: 1000, currency: 'EUR' }))).toBe(0);
      expect(
        y({ where }, paid('a', -5, -1000), order('b', 1, { value: 1000, currency: 'EUR' })),
        'money that went back is no history',
      ).toBe(0);
    });
  });
});

describe('a denominator', () => {
  const over = (
    event: Measure['event'],
    count: Measure['count'] = 'once',
    more: Partial<Measure> = {},
  ): Measure => ({ event, count, classes: ['human', 'unknown'], ...more });

  it('is measured in the same windows beside the outcome', () => {
    const ratio = {
      type: 'ratio',
      event: 'clicked',
      count: 'events',
      denominator: over('delivered', 'messages'),
    } as const;
    const waves = [ofMessage('s1', 'sent', 0), happened('s2', 'sent', 240, { wave: 'second' })];
    expect(facts(ratio)).toMatchObject({ y: 0, d: 0 });
    expect(
      facts(
        ratio,
        ...waves,
        ofMessage('c', 'clicked', 1),
        ofMessage('c2', 'clicked', 2),
        happened('o', 'opened', 241, { wave: 'second' }),
      ),
    ).toMatchObject({ y: 2, d: 2 });
    const average = { type: 'ratio', count: 'value', denominator: over('converted', 'events') } as const;
    const orders = [
      order('a', 1, { value: 1000, currency: 'EUR' }),
      order('b', 2, { value: 500, currency: 'EUR' }),
    ];
    expect(facts(average, ...orders)).toMatchObject({ y: 1500, d: 2 });
    expect(facts(average, ...orders, order('late', 14 * 24, { value: 1, currency: 'EUR' }))).toMatchObject({
      y: 1500,
      d: 2,
    });
  });

  it('of a share holds everybody who is in its numerator', () => {
    const share = { type: 'proportion', count: 'once', denominator: over('clicked') } as const;
    expect(facts(share, order('a', 1))).toMatchObject({ y: 0, d: 0 });
    expect(facts(share, order('a', 1), ofMessage('c', 'clicked', 1))).toMatchObject({ y: 1, d: 1 });
    expect(facts(share, order('a', 1), ofMessage('c', 'clicked', 1, { class: 'scanner' }))).toMatchObject({
      y: 0,
      d: 0,
    });
    expect(
      facts({ ...share, type: 'ratio', count: 'events' }, order('a', 1)),
      'a ratio is no share',
    ).toMatchObject({ y: 1, d: 0 });
  });

  it('of messages counts from the send on, whatever the delay', () => {
    const late = { type: 'proportion', event: 'converted', count: 'once', delayMs: 3 * day } as const;
    const sent = [ofMessage('s', 'sent', 0), ofMessage('d', 'delivered', 0.01)];
    const atDay = (days: number) => order('a', days * 24);
    expect(facts({ ...late, denominator: over('delivered') }, ...sent, atDay(4))).toMatchObject({
      y: 1,
      d: 1,
    });
    expect(facts({ ...late, denominator: over('delivered') }, ...sent, atDay(2))).toMatchObject({
      y: 0,
      d: 1,
    });
    const orders = { ...late, type: 'ratio', denominator: over('converted', 'events') } as const;
    expect(facts(orders, ...sent, atDay(2)), 'orders are counted like their money').toMatchObject({ d: 0 });
  });

  it('may have conditions of its own', () => {
    const where: PropertyFilter[] = [{ property: 'category', op: 'has_history' }];
    const share = {
      event: 'purchase',
      type: 'proportion',
      count: 'once',
      where: [{ property: 'category', op: 'new' }],
      denominator: over('purchase', 'once', { where }),
    } as const;
    const bought = (key: string, hours: number, category: string) =>
      happened(key, 'purchase', hours, { properties: { category } });
    expect(facts(share, bought('a', 1, 'shoes'))).toMatchObject({ y: 0, d: 0 });
    expect(facts(share, bought('p', -1, 'shoes'), bought('a', 1, 'shoes'))).toMatchObject({ y: 0, d: 1 });
    expect(facts(share, bought('p', -1, 'hats'), bought('a', 1, 'shoes'))).toMatchObject({ y: 1, d: 1 });
  });
});

describe('a covariate', () => {
  const money = { type: 'money', count: 'value', covariateMs: 2 * day } as const;
  const paid = (key: string, hours: number) => order(key, hours, { value: 100, currency: 'EUR' });

  it('is the same measure in the half-open time before the assignment', () => {
    expect(facts(money, paid('a', -48), paid('b', -24), paid('c', 1))).toMatchObject({ y: 100, x: 200 });
    expect(facts(money, { ...paid('a', 0), at: enrolledAt - 2 * day - 1 })).toMatchObject({ y: 0, x: 0 });
    expect(facts(money, { ...paid('a', 0), at: enrolledAt - 1 })).toMatchObject({ y: 0, x: 100 });
    expect(facts(money, paid('a', 0))).toMatchObject({ y: 100, x: 0 });
  });

  it('knows nothing of what happened to its orders after the assignment', () => {
    const ordered = order('a', -10, { value: 100, currency: 'EUR', order: 'o' });
    expect(facts(money, ordered, happened('c', 'cancel', -1, { order: 'o' }))).toMatchObject({ x: 0 });
    expect(facts(money, ordered, happened('c', 'cancel', 1, { order: 'o' }))).toMatchObject({ x: 100 });
    expect(facts(money, ordered, happened('r', 'refund', 1, { order: 'o' }))).toMatchObject({ x: 100 });
    expect(facts(money, ordered, happened('r', 'refund', -1, { order: 'o' }))).toMatchObject({ x: 0 });
  });

  it('does not move with the send', () => {
    expect(
      facts(money, ofMessage('s', 'sent', 24), paid('a', -1), paid('b', 1), paid('c', 25)),
    ).toMatchObject({ y: 100, x: 100 });
  });
});

describe('the stations', () => {
  const stations = (...events: HistoryEvent[]) =>
    factsOf(factRules(experiment([metric()])), enrolledAt, inOrder(events)).stations;
  const [sent, delivered, opened, clicked, converted] = [1, 2, 4, 8, 16];

  it('are reached with all that is proven before them', () => {
    expect(stations()).toBe(0);
    expect(stations(ofMessage('a', 'sent', 1))).toBe(sent);
    expect(stations(ofMessage('a', 'bounced', 1))).toBe(sent);
    expect(stations(ofMessage('a', 'delivered', 1))).toBe(sent | delivered);
    expect(stations(ofMessage('a', 'opened', 1, { class: 'scanner' })), 'by anybody').toBe(
      sent | delivered | opened,
    );
    expect(stations(ofMessage('a', 'clicked', 1))).toBe(sent | delivered | opened | clicked);
    expect(stations(happened('a', 'purchase', 1)), 'an order does not say how').toBe(converted);
    expect(stations(ofMessage('a', 'unsubscribed', 1))).toBe(0);
  });

  it('of the message have no window, the conversion has that of the experiment', () => {
    expect(stations(ofMessage('a', 'opened', 9999))).toBe(7);
    expect(stations(ofMessage('a', 'opened', -9999))).toBe(7);
    expect(stations(order('a', 14 * 24))).toBe(0);
    expect(stations(order('a', -1))).toBe(0);
    expect(stations(order('a', 1, { order: 'o' }), happened('c', 'cancel', 2, { order: 'o' }))).toBe(0);
    const unwindowed = factRules(
      experiment([metric({ windowMs: day }), metric({ key: 'b', windowMs: 2 * day })], {
        windowMs: undefined,
      }),
    );
    const bits = (hours: number) => factsOf(unwindowed, enrolledAt, [order('a', hours)]).stations;
    expect([bits(47), bits(48)], 'the longest of the metrics where it has none').toEqual([16, 0]);
  });
});

describe('money that goes back', () => {
  const money = { type: 'money', count: 'value', event: 'converted' } as const;
  const ordered = order('a', 1, { value: 1000, currency: 'EUR', order: 'o' });
  const back = (key: string, hours: number, value?: number) =>
    happened(key, 'refund', hours, { order: 'o', ...(value !== undefined && { value, currency: 'EUR' }) });

  it('without an amount is all that is left, once', () => {
    expect(facts(money, ordered, back('r', 2))).toMatchObject({ y: 0 });
    expect(facts(money, ordered, back('r', 2), back('again', 3))).toMatchObject({ y: 0 });
    expect(facts(money, ordered, back('part', 2, 300))).toMatchObject({ y: 700 });
    expect(facts(money, ordered, back('part', 2, 300), back('rest', 3))).toMatchObject({ y: 0 });
    expect(facts(money, ordered, back('rest', 2), back('part', 3, 300)), 'in any order').toMatchObject({
      y: 0,
    });
    expect(facts(money, ordered, back('late', 14 * 24), back('part', 3, 300))).toMatchObject({ y: 700 });
  });

  it('of an order that was cancelled before the assignment leaves no history', () => {
    const where: PropertyFilter[] = [{ property: 'category', op: 'new' }];
    const hats = { order: 'h', properties: { category: 'hats' } };
    const bought = happened('b', 'purchase', 1, { properties: { category: 'shoes' } });
    const past = happened('p', 'purchase', -5, hats);
    const ask = (...events: HistoryEvent[]) => facts({ count: 'events', where }, ...events).y;
    expect(ask(past, bought)).toBe(1);
    expect(ask(past, happened('c', 'cancel', -4, { order: 'h' }), bought)).toBe(0);
    expect(ask(past, happened('c', 'cancel', 4, { order: 'h' }), bought)).toBe(1);
  });
});

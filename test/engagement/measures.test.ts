import { describe, expect, it } from 'vitest';
import type { Measure, Metric, PropertyFilter } from '../../src/experiments/experiment.js';
import { factRules, factsOf } from '../../src/engagement/facts.js';
import { type HistoryEvent, inOrder } from '../../src/engagement/history.js';
import { day, enrolledAt, experiment, happened, hour, metric, ofMessage } from './build.js';
import { factsOfOne, order, outcome } from './one-metric.js';

describe('what is counted', () => {
  it('is one recipient, however much happened', () => {
    const once = { type: 'proportion', count: 'once' } as const;
    expect(outcome(once)).toBe(0);
    expect(outcome(once, order('a', 1))).toBe(1);
    expect(outcome(once, order('a', 1), order('b', 2))).toBe(1);
  });

  it('is every event, or their amounts', () => {
    expect(outcome({ count: 'events' }, order('a', 1), order('b', 1), happened('p', 'purchase', 2))).toBe(3);
    const money = { type: 'money', count: 'value' } as const;
    expect(outcome(money, order('a', 1, { value: 1000, currency: 'EUR' }), order('b', 2))).toBe(1000);
  });

  it('is a second event after the first, where there is one late enough', () => {
    const again = { type: 'retention', count: 'again', gapMs: day } as const;
    expect(outcome(again)).toBe(0);
    expect(outcome(again, order('a', 1))).toBe(0);
    expect(outcome(again, order('a', 1), order('b', 24.9))).toBe(0);
    expect(outcome(again, order('a', 1), order('b', 25)), 'exactly a day later').toBe(1);
    expect(
      outcome(again, order('a', 1), order('b', 20), order('c', 30)),
      'later than the first, not than the one before',
    ).toBe(1);
    expect(outcome(again, order('a', 1), order('b', 14 * 24)), 'outside the window').toBe(0);
    const { gapMs: _, ...anyTime } = again;
    expect(outcome(anyTime, order('a', 1))).toBe(0);
    expect(outcome(anyTime, order('a', 1), order('b', 1))).toBe(1);
    expect(
      outcome(anyTime, order('a', 1, { order: 'o' }), order('b', 9, { order: 'o' })),
      'one order is not two',
    ).toBe(0);
  });

  it('is whole minutes to the first, and the whole window where there is none', () => {
    const minutes = { type: 'time_to_event', count: 'minutes', from: 'assignment' } as const;
    expect(outcome(minutes)).toBe(14 * 24 * 60);
    expect(outcome(minutes, order('a', 2), order('b', 1))).toBe(60);
    expect(outcome(minutes, order('a', 0))).toBe(0);
    expect(
      outcome(minutes, { ...order('a', 0), at: enrolledAt + 119_999 }),
      'begun minutes do not count',
    ).toBe(1);
    expect(outcome(minutes, order('a', -1))).toBe(14 * 24 * 60);
    expect(outcome({ ...minutes, windowMs: 90_000 })).toBe(1);
    expect(
      outcome({ ...minutes, delayMs: hour }, order('a', 0.5), order('b', 3)),
      'from the end of the delay',
    ).toBe(120);
    const opened = { ...minutes, event: 'opened', from: 'first_send' } as const;
    expect(
      outcome(opened, ofMessage('s', 'sent', 1), ofMessage('c', 'clicked', 3)),
      'a click proves an open',
    ).toBe(120);
    expect(
      outcome(opened, ofMessage('s', 'sent', 1), ofMessage('c', 'opened', 0)),
      'not before its send',
    ).toBe(0);
  });

  it('is proven by what cannot be without it, but never more often than it happened', () => {
    const events = [
      ofMessage('c1', 'clicked', 1),
      ofMessage('c2', 'clicked', 2),
      ofMessage('o', 'opened', 3),
    ];
    const of = (event: Metric['event'], count: Metric['count']) =>
      outcome({ event, count, type: count === 'once' ? 'proportion' : 'mean' }, ...events);
    expect(of('opened', 'once')).toBe(1);
    expect(outcome({ event: 'opened', type: 'proportion', count: 'once' }, events[0]!)).toBe(1);
    expect(outcome({ event: 'sent', type: 'proportion', count: 'once' }, ofMessage('b', 'bounced', 1))).toBe(
      1,
    );
    expect(
      outcome({ event: 'delivered', type: 'proportion', count: 'once' }, ofMessage('b', 'bounced', 1)),
    ).toBe(0);
    expect(of('opened', 'events'), 'clicks are no opens to be counted').toBe(1);
    expect(of('clicked', 'events')).toBe(2);
    expect(
      outcome({ event: 'clicked', type: 'proportion', count: 'once' }, ofMessage('o', 'opened', 3)),
    ).toBe(0);
  });

  it('is by the class of an open or click, unknown where none is said', () => {
    const clicks = (...classes: Metric['classes']) =>
      ({ event: 'clicked', type: 'mean', count: 'events', classes }) as const;
    const events = [
      ofMessage('a', 'clicked', 1, { class: 'human' }),
      ofMessage('b', 'clicked', 1, { class: 'scanner' }),
      ofMessage('c', 'clicked', 1),
    ];
    expect(outcome(clicks('human'), ...events)).toBe(1);
    expect(outcome(clicks('human', 'unknown'), ...events)).toBe(2);
    expect(outcome(clicks('privacy_proxy'), ...events)).toBe(0);
    const human = { event: 'opened', type: 'proportion', count: 'once', classes: ['human'] } as const;
    expect(outcome(human, events[1]!), 'what a scanner clicks, no human opened').toBe(0);
    expect(outcome(human, events[0]!)).toBe(1);
    const delivered = { event: 'delivered', type: 'proportion', count: 'once', classes: [] } as const;
    expect(outcome(delivered, events[1]!), 'but it was delivered').toBe(1);
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
    expect(factsOfOne(ratio)).toMatchObject({ y: 0, d: 0 });
    expect(
      factsOfOne(
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
    expect(factsOfOne(average, ...orders)).toMatchObject({ y: 1500, d: 2 });
    expect(
      factsOfOne(average, ...orders, order('late', 14 * 24, { value: 1, currency: 'EUR' })),
    ).toMatchObject({
      y: 1500,
      d: 2,
    });
  });

  it('of a share holds everybody who is in its numerator', () => {
    const share = { type: 'proportion', count: 'once', denominator: over('clicked') } as const;
    expect(factsOfOne(share, order('a', 1))).toMatchObject({ y: 0, d: 0 });
    expect(factsOfOne(share, order('a', 1), ofMessage('c', 'clicked', 1))).toMatchObject({ y: 1, d: 1 });
    expect(
      factsOfOne(share, order('a', 1), ofMessage('c', 'clicked', 1, { class: 'scanner' })),
    ).toMatchObject({
      y: 0,
      d: 0,
    });
    expect(
      factsOfOne({ ...share, type: 'ratio', count: 'events' }, order('a', 1)),
      'a ratio is no share',
    ).toMatchObject({ y: 1, d: 0 });
  });

  it('of messages counts from the send on, whatever the delay', () => {
    const late = { type: 'proportion', event: 'converted', count: 'once', delayMs: 3 * day } as const;
    const sent = [ofMessage('s', 'sent', 0), ofMessage('d', 'delivered', 0.01)];
    const atDay = (days: number) => order('a', days * 24);
    expect(factsOfOne({ ...late, denominator: over('delivered') }, ...sent, atDay(4))).toMatchObject({
      y: 1,
      d: 1,
    });
    expect(factsOfOne({ ...late, denominator: over('delivered') }, ...sent, atDay(2))).toMatchObject({
      y: 0,
      d: 1,
    });
    const orders = { ...late, type: 'ratio', denominator: over('converted', 'events') } as const;
    expect(factsOfOne(orders, ...sent, atDay(2)), 'orders are counted like their money').toMatchObject({
      d: 0,
    });
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
    expect(factsOfOne(share, bought('a', 1, 'shoes'))).toMatchObject({ y: 0, d: 0 });
    expect(factsOfOne(share, bought('p', -1, 'shoes'), bought('a', 1, 'shoes'))).toMatchObject({
      y: 0,
      d: 1,
    });
    expect(factsOfOne(share, bought('p', -1, 'hats'), bought('a', 1, 'shoes'))).toMatchObject({ y: 1, d: 1 });
  });
});

describe('a covariate', () => {
  const money = { type: 'money', count: 'value', covariateMs: 2 * day } as const;
  const paid = (key: string, hours: number) => order(key, hours, { value: 100, currency: 'EUR' });

  it('is the same measure in the half-open time before the assignment', () => {
    expect(factsOfOne(money, paid('a', -48), paid('b', -24), paid('c', 1))).toMatchObject({ y: 100, x: 200 });
    expect(factsOfOne(money, { ...paid('a', 0), at: enrolledAt - 2 * day - 1 })).toMatchObject({
      y: 0,
      x: 0,
    });
    expect(factsOfOne(money, { ...paid('a', 0), at: enrolledAt - 1 })).toMatchObject({ y: 0, x: 100 });
    expect(factsOfOne(money, paid('a', 0))).toMatchObject({ y: 100, x: 0 });
  });

  it('knows nothing of what happened to its orders after the assignment', () => {
    const ordered = order('a', -10, { value: 100, currency: 'EUR', order: 'o' });
    expect(factsOfOne(money, ordered, happened('c', 'cancel', -1, { order: 'o' }))).toMatchObject({ x: 0 });
    expect(factsOfOne(money, ordered, happened('c', 'cancel', 1, { order: 'o' }))).toMatchObject({ x: 100 });
    expect(factsOfOne(money, ordered, happened('r', 'refund', 1, { order: 'o' }))).toMatchObject({ x: 100 });
    expect(factsOfOne(money, ordered, happened('r', 'refund', -1, { order: 'o' }))).toMatchObject({ x: 0 });
  });

  it('does not move with the send', () => {
    expect(
      factsOfOne(money, ofMessage('s', 'sent', 24), paid('a', -1), paid('b', 1), paid('c', 25)),
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

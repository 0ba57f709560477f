import { describe, expect, it } from 'vitest';
import type { PropertyFilter } from '../../src/experiments/experiment.js';
import type { HistoryEvent } from '../../src/engagement/history.js';
import { happened } from './build.js';
import { order, outcome } from './one-metric.js';

describe('a condition', () => {
  const view = (properties: Record<string, unknown>, hours = 1, more: Partial<HistoryEvent> = {}) =>
    happened(`v${JSON.stringify(properties)}${hours}`, 'view', hours, { properties, ...more });
  const meets = (filter: PropertyFilter, ...events: HistoryEvent[]) =>
    outcome({ event: 'view', count: 'events', where: [filter] }, ...events);
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
    expect(outcome({ event: 'view', where }, view({ tier: 2, item: 'sku' }))).toBe(1);
    expect(outcome({ event: 'view', where }, view({ tier: 2 }))).toBe(0);
    expect(outcome({ event: 'view', where }, view({ tier: 1, item: 'sku' }))).toBe(0);
  });

  it('on an inherited name is not met', () => {
    expect(meets({ property: 'constructor', op: 'exists' }, view({}))).toBe(0);
    expect(meets({ property: 'toString', op: 'ne', value: 'x' }, view({ tier: 1 }))).toBe(0);
  });

  it('on the value reads major units of the currency of the experiment', () => {
    const over50 = { where: [{ property: 'value', op: 'gte', value: 50 }] } as const;
    expect(outcome(over50, order('a', 1, { value: 5000, currency: 'EUR' }))).toBe(1);
    expect(outcome(over50, order('a', 1, { value: 4999, currency: 'EUR' }))).toBe(0);
    expect(
      outcome(over50, order('a', 1, { value: 5500, currency: 'USD' })),
      '55 dollars are 50.60 euros',
    ).toBe(1);
    expect(
      outcome(over50, order('a', 1, { value: 5400, currency: 'USD' })),
      '54 dollars are 49.68 euros',
    ).toBe(0);
    expect(outcome(over50, order('a', 1, { value: 8000, currency: 'JPY' })), '8000 yen are 48.80 euros').toBe(
      0,
    );
    expect(outcome(over50, order('a', 1, { value: 8200, currency: 'JPY' })), '8200 yen are 50.02 euros').toBe(
      1,
    );
    const reports = [
      order('a', 1, { order: 'o' }),
      order('b', 2, { order: 'o', value: 8000, currency: 'JPY' }),
    ];
    expect(outcome(over50, ...reports), 'also where a later report names it').toBe(0);
  });

  it('on currency, order or class reads the field', () => {
    const paidIn = (value: string) => ({ where: [{ property: 'currency', op: 'eq', value }] }) as const;
    expect(outcome(paidIn('USD'), order('a', 1, { value: 1, currency: 'USD' }))).toBe(1);
    expect(outcome(paidIn('EUR'), order('a', 1, { value: 1, currency: 'USD' }))).toBe(0);
    expect(
      outcome(
        paidIn('JPY'),
        order('a', 1, { order: 'o' }),
        order('b', 2, { order: 'o', value: 8000, currency: 'JPY' }),
      ),
    ).toBe(1);
    expect(
      outcome({ where: [{ property: 'order', op: 'exists' }] }, order('a', 1, { order: 'o' }), order('b', 1)),
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
      expect(outcome({ where }, paid('a', -5, 1000), order('b', 1, { value: 1001, currency: 'EUR' }))).toBe(
        1,
      );
      expect(outcome({ where }, paid('a', -5, 1000), order('b', 1, { value: 1000, currency: 'EUR' }))).toBe(
        0,
      );
      expect(
        outcome({ where }, paid('a', -5, -1000), order('b', 1, { value: 1000, currency: 'EUR' })),
        'money that went back is no history',
      ).toBe(0);
    });
  });
});

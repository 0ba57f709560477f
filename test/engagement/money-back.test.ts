import { describe, expect, it } from 'vitest';
import type { PropertyFilter } from '../../src/experiments/experiment.js';
import type { HistoryEvent } from '../../src/engagement/history.js';
import { happened } from './build.js';
import { factsOfOne, order } from './one-metric.js';

describe('money that goes back', () => {
  const money = { type: 'money', count: 'value', event: 'converted' } as const;
  const ordered = order('a', 1, { value: 1000, currency: 'EUR', order: 'o' });
  const back = (key: string, hours: number, value?: number) =>
    happened(key, 'refund', hours, { order: 'o', ...(value !== undefined && { value, currency: 'EUR' }) });

  it('without an amount is all that is left, once', () => {
    expect(factsOfOne(money, ordered, back('r', 2))).toMatchObject({ y: 0 });
    expect(factsOfOne(money, ordered, back('r', 2), back('again', 3))).toMatchObject({ y: 0 });
    expect(factsOfOne(money, ordered, back('part', 2, 300))).toMatchObject({ y: 700 });
    expect(factsOfOne(money, ordered, back('part', 2, 300), back('rest', 3))).toMatchObject({ y: 0 });
    expect(factsOfOne(money, ordered, back('rest', 2), back('part', 3, 300)), 'in any order').toMatchObject({
      y: 0,
    });
    expect(factsOfOne(money, ordered, back('late', 14 * 24), back('part', 3, 300))).toMatchObject({ y: 700 });
  });

  it('of an order that was cancelled before the assignment leaves no history', () => {
    const where: PropertyFilter[] = [{ property: 'category', op: 'new' }];
    const hats = { order: 'h', properties: { category: 'hats' } };
    const bought = happened('b', 'purchase', 1, { properties: { category: 'shoes' } });
    const past = happened('p', 'purchase', -5, hats);
    const ask = (...events: HistoryEvent[]) => factsOfOne({ count: 'events', where }, ...events).y;
    expect(ask(past, bought)).toBe(1);
    expect(ask(past, happened('c', 'cancel', -4, { order: 'h' }), bought)).toBe(0);
    expect(ask(past, happened('c', 'cancel', 4, { order: 'h' }), bought)).toBe(1);
  });
});

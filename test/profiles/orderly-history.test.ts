import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neededOf, orderlyHistory, type Reported } from '../../src/profiles/orderly-history.js';
import { anyReports, day, start } from './any-reports.js';

const at = (days: number): number => start + days * day;
const purchase = (id: string, days: number, more: object = {}): Reported => ({
  id,
  type: 'purchase',
  at: at(days),
  ...more,
});

describe('an orderly history', () => {
  it('is the same for any order and repetition of the reports', () => {
    fc.assert(
      fc.property(
        anyReports.chain((reports) =>
          fc.tuple(
            fc.constant(reports),
            fc.shuffledSubarray(reports, { minLength: reports.length }),
            fc.subarray(reports),
          ),
        ),
        ([reports, shuffled, again]) => {
          expect(orderlyHistory([...again, ...shuffled, ...again])).toEqual(orderlyHistory(reports));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is in order, has no void, each order once, and never more money back than an order was', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        const history = orderlyHistory(reports);
        const places = history.map(({ at, id }) => `${String(at).padStart(15, '0')} ${id}`);
        expect(places).toEqual([...places].sort());
        expect(new Set(places).size).toBe(places.length);
        expect(history.some(({ type }) => type === 'void')).toBe(false);
        const orders = history.filter(({ type, order }) => type === 'purchase' && order !== undefined);
        expect(new Set(orders.map(({ order }) => order)).size).toBe(orders.length);
        for (const { order, value, currency } of orders) {
          if (value === undefined) continue;
          const back = history
            .filter((one) => one.type === 'refund' && one.order === order && one.currency === currency)
            .reduce((sum, one) => sum + (one.value ?? 0), 0);
          expect(back).toBeLessThanOrEqual(0);
          expect(back + value).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out what a void takes back, and voids themselves', () => {
    const reports = [purchase('a', 1), { id: 'v', type: 'void', at: at(2), target: 'a' }, purchase('b', 3)];
    expect(orderlyHistory(reports).map(({ id }) => id)).toEqual(['b']);
  });

  it('counts an order once, at its first report, and fills its gaps from later ones', () => {
    const history = orderlyHistory([
      { id: 'c', type: 'converted', at: at(2), order: 'o', value: 1_000, currency: 'EUR', message: 'm' },
      purchase('p', 1, { order: 'o', item: 'shoe' }),
      purchase('q', 3, { order: 'o', value: 9_999, currency: 'USD', item: 'hat' }),
    ]);
    expect(history).toEqual([
      purchase('p', 1, { order: 'o', item: 'shoe', value: 1_000, currency: 'EUR', message: 'm' }),
    ]);
  });

  it('reads a conversion with an order or an amount as a purchase, and no other', () => {
    const history = orderlyHistory([
      { id: 'a', type: 'converted', at: at(1), message: 'm' },
      { id: 'b', type: 'converted', at: at(2), value: 5, currency: 'EUR' },
      { id: 'c', type: 'converted', at: at(3), order: 'o' },
    ]);
    expect(history.map(({ type }) => type)).toEqual(['converted', 'purchase', 'purchase']);
  });

  it('takes a cancelled order out with its refunds, and keeps the cancellation', () => {
    const history = orderlyHistory([
      purchase('a', 1, { order: 'o', value: 100, currency: 'EUR' }),
      { id: 'r', type: 'refund', at: at(2), order: 'o', value: 40, currency: 'EUR' },
      { id: 'x', type: 'cancel', at: at(3), order: 'o' },
    ]);
    expect(history.map(({ id }) => id)).toEqual(['x']);
  });

  it('makes refunds negative, all that is left where they name no amount, and never more than that', () => {
    const order = purchase('a', 1, { order: 'o', value: 100, currency: 'EUR' });
    const refund = (id: string, days: number, value?: number): Reported => ({
      id,
      type: 'refund',
      at: at(days),
      order: 'o',
      ...(value !== undefined && { value, currency: 'EUR' }),
    });
    const values = (reports: readonly Reported[]) => orderlyHistory(reports).map(({ value }) => value);
    expect(values([order, refund('r', 2, 30), refund('s', 3)])).toEqual([100, -30, -70]);
    expect(values([order, refund('r', 2, 70), refund('s', 3, 70)])).toEqual([100, -70, -30]);
    expect(values([refund('r', 2, 70)])).toEqual([-70]);
    expect(values([refund('r', 2)])).toEqual([undefined]);
    expect(values([order, { ...refund('r', 2, 30), currency: 'USD' }])).toEqual([100, -30]);
  });

  it('takes a purchase below 0 for a refund', () => {
    const history = orderlyHistory([
      purchase('a', 1, { order: 'o', value: 100, currency: 'EUR' }),
      purchase('b', 2, { order: 'o', value: -100, currency: 'EUR' }),
    ]);
    expect(history.map(({ type, value }) => [type, value])).toEqual([
      ['purchase', 100],
      ['refund', -100],
    ]);
  });

  it('of the types that are needed reaches from the lookback to before the clock', () => {
    const history = orderlyHistory([
      purchase('a', 0),
      purchase('b', 1),
      purchase('c', 2),
      { id: 'v', type: 'view', at: at(1) },
    ]);
    const needed = neededOf(history, { types: ['purchase'], lookbackMs: day }, at(2));
    expect(needed.map(({ id }) => id)).toEqual(['b']);
  });
});

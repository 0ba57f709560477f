import fc from 'fast-check';
import type { Reported } from '../../src/profiles/orderly-history.js';

const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

export const day = 86_400_000;
export const start = Date.UTC(2026, 0, 1);

/** Reports of one recipient with orders reported twice, refunds, cancellations and mistakes taken back. */
export const anyReports: fc.Arbitrary<Reported[]> = fc
  .array(
    fc.record({
      type: fc.constantFrom(
        'view',
        'cart',
        'purchase',
        'purchase',
        'converted',
        'refund',
        'cancel',
        'void',
        'opened',
        'clicked',
        'sent',
      ),
      hours: fc.integer({ min: 0, max: 2_400 }),
      cents: fc.option(fc.integer({ min: -500, max: 20_000 }), { nil: undefined, freq: 4 }),
      currency: fc.constantFrom('EUR', 'EUR', 'USD'),
      order: some('o1', 'o2', 'o3'),
      item: some('i1', 'i2'),
      category: some('shoes', 'hats'),
      class: some('human', 'privacy_proxy', 'scanner'),
      target: fc.nat(30),
    }),
    { maxLength: 30 },
  )
  .map((rows) => rows.map((row, i) => toReported(row, i)));

const ofOrder = new Set(['purchase', 'converted', 'refund', 'cancel']);
const ofMessage = new Set(['opened', 'clicked', 'sent']);

function toReported(
  row: {
    type: string;
    hours: number;
    cents: number | undefined;
    currency: string;
    order: string | undefined;
    item: string | undefined;
    category: string | undefined;
    class: string | undefined;
    target: number;
  },
  i: number,
): Reported {
  const { type } = row;
  const valued = ofOrder.has(type) && type !== 'cancel' && row.cents !== undefined;
  return {
    id: `e${String(i).padStart(2, '0')}`,
    type,
    at: start + row.hours * 3_600_000,
    ...(ofMessage.has(type) && { message: `m${row.hours % 4}` }),
    ...(ofMessage.has(type) && type !== 'sent' && { class: row.class ?? 'unknown' }),
    ...(valued && {
      value: type === 'refund' ? Math.abs(row.cents ?? 0) : (row.cents ?? 0),
      currency: row.currency,
    }),
    ...(ofOrder.has(type) && row.order !== undefined && { order: row.order }),
    ...(row.item !== undefined && !ofMessage.has(type) && { item: row.item }),
    ...(row.category !== undefined && !ofMessage.has(type) && { category: row.category }),
    ...(type === 'void' && { target: `e${String(row.target).padStart(2, '0')}` }),
  };
}

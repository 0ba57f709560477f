import { describe, expect, it } from 'vitest';
import { conversionDelay } from '../../src/engagement/conversion-delay.js';
import type { HistoryEvent } from '../../src/engagement/history.js';

const hour = 3_600_000;
const start = Date.parse('2026-03-01T09:00:00Z');
let keys = 0;
const event = (
  type: HistoryEvent['type'],
  hours: number,
  more: Partial<HistoryEvent> = {},
): HistoryEvent => ({
  key: `k${(keys += 1)}`,
  type,
  at: start + hours * hour,
  ...more,
});
const sent = event('sent', 1, { wave: '' });
const delayOf = (...events: HistoryEvent[]): [number, number] | undefined => {
  const found = conversionDelay({ currency: 'EUR' }, start, events, 24 * hour);
  return found && [(found.start - start) / hour, found.delay / hour];
};

describe('the delay of the first conversion', () => {
  it('counts from the send, or from the enrolment where no send was reported', () => {
    expect(delayOf(sent, event('converted', 4, { wave: '' }), event('converted', 9))).toEqual([1, 3]);
    expect(delayOf(event('converted', 4))).toEqual([0, 4]);
    expect(delayOf(sent)).toBeUndefined();
  });

  it('takes purchases too, and of several waves the send whose window holds it', () => {
    const second = event('sent', 10, { wave: 'second' });
    expect(delayOf(sent, second, event('purchase', 12))).toEqual([10, 2]);
    expect(delayOf(sent, second, event('converted', 12, { wave: '' }))).toEqual([1, 11]);
  });

  it('leaves out what lies outside of the window, was cancelled, or is money paid back', () => {
    expect(delayOf(sent, event('converted', 25, { wave: '' }))).toBeUndefined();
    const order = event('converted', 3, { wave: '', value: 100, currency: 'EUR', order: 'o' });
    const later = event('converted', 7, { wave: '', value: 100, currency: 'EUR', order: 'p' });
    expect(delayOf(sent, order, event('cancel', 4, { order: 'o' }))).toBeUndefined();
    expect(delayOf(sent, order, event('cancel', 4, { order: 'o' }), later)).toEqual([1, 6]);
    expect(delayOf(sent, event('refund', 5, { value: 100, currency: 'EUR', order: 'x' }))).toBeUndefined();
    expect(delayOf(sent, order, event('void', 6, { target: order.key }))).toBeUndefined();
  });
});

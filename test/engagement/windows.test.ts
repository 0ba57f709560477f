import { describe, expect, it } from 'vitest';
import type { Metric } from '../../src/experiments/experiment.js';
import { factRules, factsOf } from '../../src/engagement/facts.js';
import { type HistoryEvent, inOrder } from '../../src/engagement/history.js';
import { day, enrolledAt, experiment, happened, hour, metric, ofMessage } from './build.js';

function y(one: Partial<Metric>, ...events: HistoryEvent[]): number {
  const rules = factRules(experiment([metric(one)]));
  return Number(factsOf(rules, enrolledAt, inOrder(events)).y[0]);
}
/** A conversion so many milliseconds after the enrolment. */
const order = (ms: number, more: Partial<HistoryEvent> = {}): HistoryEvent => ({
  ...happened(`o${ms}${more.wave ?? '-'}`, 'converted', 0, more),
  at: enrolledAt + ms,
});

describe('the window', () => {
  it('is half-open from the send', () => {
    const sent = ofMessage('s', 'sent', 24);
    const [start, end] = [day, 15 * day];
    expect(y({}, sent, order(start - 1))).toBe(0);
    expect(y({}, sent, order(start))).toBe(1);
    expect(y({}, sent, order(end - 1))).toBe(1);
    expect(y({}, sent, order(end))).toBe(0);
  });

  it('opens at the enrolment where no send was ever reported', () => {
    expect(y({}, order(-1))).toBe(0);
    expect(y({}, order(0))).toBe(1);
    expect(y({}, order(14 * day - 1))).toBe(1);
    expect(y({}, order(14 * day))).toBe(0);
    expect(y({}, ofMessage('d', 'delivered', 48), order(0)), 'a delivery does not say when it was sent').toBe(
      1,
    );
  });

  it('has a length of its own where the metric says so, and begins later by its delay', () => {
    const sent = ofMessage('s', 'sent', 0);
    expect(y({ windowMs: hour }, sent, order(hour - 1))).toBe(1);
    expect(y({ windowMs: hour }, sent, order(hour))).toBe(0);
    const delayed = { windowMs: hour, delayMs: day };
    expect(y(delayed, sent, order(day - 1))).toBe(0);
    expect(y(delayed, sent, order(day))).toBe(1);
    expect(y(delayed, sent, order(day + hour - 1))).toBe(1);
    expect(y(delayed, sent, order(day + hour))).toBe(0);
  });

  it('may open at the assignment, whatever was sent', () => {
    const sent = ofMessage('s', 'sent', 24);
    expect(y({ from: 'assignment' }, sent, order(0))).toBe(1);
    expect(y({ from: 'assignment' }, sent, order(14 * day - 1))).toBe(1);
    expect(y({ from: 'assignment' }, sent, order(14 * day))).toBe(0);
  });

  it('opens at the earliest report of a send', () => {
    const reports = [ofMessage('s1', 'sent', 48), ofMessage('s2', 'sent', 24)];
    expect(y({}, ...reports, order(day))).toBe(1);
    expect(y({}, ...reports, order(15 * day))).toBe(0);
  });
});

describe('several waves', () => {
  const first = ofMessage('s1', 'sent', 0);
  const second = happened('s2', 'sent', 20 * 24, { wave: 'second' });

  it('have a window each, or only the first', () => {
    for (const [days, send, firstSend] of [
      [0, 1, 1],
      [13, 1, 1],
      [14, 0, 0],
      [19, 0, 0],
      [20, 1, 0],
      [33, 1, 0],
      [34, 0, 0],
    ] as const) {
      expect(y({}, first, second, order(days * day)), `day ${days}`).toBe(send);
      expect(y({ from: 'first_send' }, first, second, order(days * day)), `day ${days}`).toBe(firstSend);
    }
    expect(y({ from: 'first_send' }, second, order(20 * day)), 'the first that there was').toBe(1);
  });

  it('own what is reported of them: it counts in no other window', () => {
    expect(y({}, first, second, order(21 * day, { wave: 'second' }))).toBe(1);
    expect(y({}, first, second, order(21 * day, { wave: '' })), 'too late for the first').toBe(0);
    expect(y({}, first, second, order(2 * day, { wave: 'second' })), 'too early for the second').toBe(0);
  });

  it('count as messages, each once', () => {
    const opens = { event: 'opened', type: 'mean', count: 'messages' } as const;
    const open = (key: string, wave: string, days: number) =>
      happened(key, 'opened', days * 24, { wave, class: 'human' });
    expect(y(opens, first, second, open('a', '', 1), open('b', '', 2))).toBe(1);
    expect(y(opens, first, second, open('a', '', 1), open('b', 'second', 21))).toBe(2);
    expect(y({ ...opens, count: 'events' }, first, second, open('a', '', 1), open('b', '', 2))).toBe(2);
    expect(
      y({ ...opens, event: 'delivered' }, first, second, open('a', '', 1)),
      'who opens it was delivered it',
    ).toBe(1);
  });

  it('share what the recipient does by themselves: it is of the latest message whose window holds it', () => {
    const near = happened('s2', 'sent', 24, { wave: 'second' });
    const messages = { type: 'mean', count: 'messages' } as const;
    expect(y(messages, first, near, order(0))).toBe(1);
    expect(y(messages, first, near, order(0), order(day))).toBe(2);
    expect(y(messages, first, near, order(day), order(2 * day)), 'both of the second').toBe(1);
  });
});

describe('clocks that are not alike', () => {
  it('let what is reported of a message happen at its send at the earliest', () => {
    const clicks = { event: 'clicked', classes: ['unknown'], type: 'proportion', count: 'once' } as const;
    const sent = ofMessage('s', 'sent', 24);
    expect(y(clicks, sent, ofMessage('c', 'clicked', 23))).toBe(1);
    expect(y({ ...clicks, delayMs: 1 }, sent, ofMessage('c', 'clicked', 23)), 'at the send itself').toBe(0);
    expect(y(clicks, ofMessage('c', 'clicked', -1)), 'without a send there is nothing to set it right').toBe(
      0,
    );
    expect(y({}, sent, order(23 * hour, { wave: '' })), 'an order may well have come before').toBe(0);
  });

  it('know no daylight saving: a day has 24 hours, from any zone to any', () => {
    const sent = { ...ofMessage('s', 'sent', 0), at: Date.parse('2026-03-28T02:30:00+01:00') };
    const at = (text: string) => ({ ...order(0), at: Date.parse(text) });
    const oneDay = { windowMs: day };
    expect(y(oneDay, sent, at('2026-03-29T03:29:59.999+02:00'))).toBe(1);
    expect(y(oneDay, sent, at('2026-03-29T03:30:00+02:00')), '24 hours later, and half past three').toBe(0);
    expect(at('2026-03-29T02:30:00+02:00')).toEqual(at('2026-03-29T00:30:00Z'));
    const autumn = { ...ofMessage('s', 'sent', 0), at: Date.parse('2026-10-24T02:30:00+02:00') };
    expect(y(oneDay, autumn, at('2026-10-25T02:29:59+02:00'))).toBe(1);
    expect(y(oneDay, autumn, at('2026-10-25T02:30:00+01:00')), 'an hour more than a day').toBe(0);
  });
});

describe('the last send', () => {
  const sentAt = (...events: HistoryEvent[]) =>
    factsOf(factRules(experiment([metric()])), enrolledAt, inOrder(events)).lastSentAt;

  it('is that of the latest wave, each by its earliest report', () => {
    expect(sentAt()).toBeUndefined();
    expect(sentAt(order(5))).toBeUndefined();
    const waves = [
      happened('b', 'sent', 30, { wave: 'second' }),
      happened('b2', 'sent', 40, { wave: 'second' }),
      ofMessage('a', 'sent', 1),
    ];
    expect(sentAt(...waves)).toBe(enrolledAt + 30 * hour);
  });
});

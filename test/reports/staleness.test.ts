import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { staleness } from '../../src/reports/staleness.js';

const at = (iso: string): Date => new Date(iso);
const last = at('2026-03-10T09:00:00Z');
const habit = (days: string[], source = 'api') => ({ source, lastReceivedAt: last, days });

describe('a silent source', () => {
  it('that sends every day, or of which nothing is known, is stale after 24 hours', () => {
    for (const days of [[], ['2026-03-10'], ['2026-03-08', '2026-03-09', '2026-03-10']]) {
      expect(staleness(habit(days), at('2026-03-11T09:00:00.000Z')).stale).toBe(false);
      expect(staleness(habit(days), at('2026-03-11T09:00:00.001Z')).stale).toBe(true);
    }
  });

  it('that sends once a week is stale after three weeks, also when a week was left out', () => {
    const days = ['2026-02-17', '2026-02-24', '2026-03-10'];
    const found = staleness(habit(days), at('2026-03-31T09:00:00Z'));
    expect(found).toEqual({ stale: false, usualGapDays: 7, staleFrom: at('2026-03-31T09:00:00Z') });
    expect(staleness(habit(days), at('2026-03-31T09:00:01Z')).stale).toBe(true);
  });

  it('is not expected to go on when it is a file', () => {
    const found = staleness(habit(['2026-03-10'], 'import:orders.csv'), at('2030-01-01T00:00:00Z'));
    expect(found).toEqual({ stale: false });
  });

  it('once stale stays so until something arrives, and never is in the first 24 hours', () => {
    const day = fc.integer({ min: 0, max: 27 });
    fc.assert(
      fc.property(
        fc.uniqueArray(day, { maxLength: 28 }),
        fc.nat(100 * 24),
        fc.nat(1_000),
        (places, hours, more) => {
          const days = places.sort((a, b) => a - b).map((n) => `2026-02-${String(n + 1).padStart(2, '0')}`);
          const then = new Date(last.getTime() + hours * 3_600_000);
          const later = new Date(then.getTime() + more * 3_600_000);
          const found = staleness(habit(days), then).stale;
          if (hours <= 24) expect(found).toBe(false);
          if (found) expect(staleness(habit(days), later).stale).toBe(true);
        },
      ),
    );
  });
});

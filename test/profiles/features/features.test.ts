import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { features, findFeature } from '../../../src/profiles/features/feature.js';
import type { Behaviour } from '../../../src/profiles/history.js';
import { orderlyHistory } from '../../../src/profiles/orderly-history.js';
import { sharedRows } from '../../support/shared-data.js';
import { anyReports, day, start } from '../any-reports.js';

const made = [
  'count(view)',
  'count(opened, 7d)',
  'count(purchase, shoes, 30d)',
  'spend(EUR)',
  'spend(EUR, hats, 10d)',
  'engagement_score(cart -2, opened 1.5, purchase 10, view 1, 20d)',
  'engagement_score(purchase 10, view 1, 60d, half 7d)',
  'lifecycle_stage(new 3d, loyal 2, active 10d, quiet 40d, gone)',
];
const names = [...Object.keys(features), ...made];
const feature = (name: string) => {
  const found = findFeature(name);
  if (!found) throw new Error(`there is no feature ${name}`);
  return found;
};
const at = (days: number): number => start + days * day;
let ids = 0;
const event = (type: string, days: number, more: object = {}): Behaviour => ({
  id: `e${(ids += 1)}`,
  type,
  at: at(days),
  ...more,
});
const value = (name: string, history: readonly Behaviour[], days: number) =>
  feature(name).value(history, at(days), {});
const anyHistory = anyReports.map(orderlyHistory);
const anyClock = fc.integer({ min: 0, max: 200 * 24 }).map((hours) => start + hours * 3_600_000 + 1);

describe('every feature', () => {
  it.each(names)('%s: nothing at the clock or later makes a difference', (name) => {
    fc.assert(
      fc.property(anyHistory, anyClock, (history, clock) => {
        const known = history.filter((one) => one.at < clock);
        const one = feature(name);
        expect(one.value(history, clock, {})).toEqual(one.value(known, clock, {}));
        expect(one.explain(history, clock, {})).toEqual(one.explain(known, clock, {}));
      }),
      { numRuns: 60 },
    );
  });

  it.each(names)('%s: needs no more than it says', (name) => {
    fc.assert(
      fc.property(anyHistory, anyClock, (history, clock) => {
        const one = feature(name);
        const { types, lookbackMs = Infinity } = one.needs;
        const needed = history.filter((some) => types.includes(some.type) && some.at >= clock - lookbackMs);
        expect(one.value(needed, clock, {})).toEqual(one.value(history, clock, {}));
      }),
      { numRuns: 60 },
    );
  });

  it.each(names)('%s: stays as it is until it says that it may change', (name) => {
    fc.assert(
      fc.property(
        anyHistory,
        anyClock,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (history, clock, part) => {
          const known = history.filter((one) => one.at < clock);
          const one = feature(name);
          const changes = one.changesAt(known, clock, {});
          if (changes !== undefined) expect(changes).toBeGreaterThan(clock);
          const last = changes === undefined ? clock + 5_000 * day : changes - 1;
          const later = Math.floor(clock + (last - clock) * part);
          for (const moment of [later, last])
            expect(one.value(known, moment, {})).toEqual(one.value(known, clock, {}));
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each(names)('%s: is defined for an empty history and explains it', (name) => {
    const one = feature(name);
    expect(['number', 'string', 'undefined']).toContain(typeof one.value([], at(0), {}));
    expect(one.explain([], at(0), {})).not.toEqual([]);
    expect(one.changesAt([], at(0), {})).toBeUndefined();
    if (one.values) expect(one.values).toContain(one.value([], at(0), {}));
  });
});

describe('figures of purchases', () => {
  const history = [
    event('purchase', 1, { order: 'o1', value: 1_999, currency: 'EUR', category: 'shoes' }),
    event('purchase', 10, { value: 1, currency: 'EUR', category: 'hats' }),
    event('purchase', 12, { value: 500, currency: 'JPY', category: 'shoes' }),
    event('refund', 20, { order: 'o1', value: -999, currency: 'EUR' }),
  ];

  it('are exact, net of refunds, by currency, category and window', () => {
    expect(value('spend(EUR)', history, 30)).toBe(10.01);
    expect(value('spend(EUR, shoes)', history, 30)).toBe(10);
    expect(value('spend(EUR, shoes, 20d)', history, 30)).toBe(-9.99);
    expect(value('spend(JPY)', history, 30)).toBe(500);
    expect(value('spend(USD)', history, 30)).toBe(0);
    const large = [event('purchase', 1, { value: 999_999_999_999_999, currency: 'EUR' })];
    expect(
      value(
        'spend(EUR)',
        [...large, ...large, ...large, ...large, ...large, ...large, ...large, ...large, ...large, ...large],
        2,
      ),
    ).toBe(99_999_999_999_999.9);
  });

  it('count whole days, to the millisecond', () => {
    expect(value('recency_days', history, 12)).toBe(2);
    expect(feature('recency_days').value(history, at(13) - 1, {})).toBe(0);
    expect(feature('recency_days').value(history, at(13), {})).toBe(1);
    expect(value('tenure_days', history, 30)).toBe(29);
    expect(value('frequency', history, 30)).toBe(3);
    expect(value('favourite_category', history, 30)).toBe('shoes');
  });

  it('have half-open windows: an event is in for exactly its days', () => {
    const one = feature('count(purchase, hats, 5d)');
    expect([at(10), at(10) + 1, at(15), at(15) + 1].map((clock) => one.value(history, clock, {}))).toEqual([
      0, 1, 1, 0,
    ]);
  });
});

describe('names that make features', () => {
  it.each([
    'count', 'count()', 'count(boo)', 'count(void)', 'count(view, 0d)', 'count(view, 99999d)', 'count(view, a, b)', 'count(view,,3d)',
    'spend(eur)', 'spend(EURO)', 'spend(EUR', 'constructor', '__proto__', 'toString', `count(view, ${'x'.repeat(300)})`, '',
  ])('does not know %s', (name) => {
    expect(findFeature(name)).toBeUndefined();
  }); // prettier-ignore

  it('knows every registered one by its name', () => {
    for (const [name, one] of Object.entries(features)) expect(one.name).toBe(name);
  });
});

describe('bands of interactions', () => {
  it.each([
    [0, '0'],
    [1, '1-4'],
    [4, '1-4'],
    [5, '5-19'],
    [19, '5-19'],
    [20, '20+'],
    [500, '20+'],
  ])('%i interactions are in %s', (n, band) => {
    const history = Array.from({ length: n }, (_, i) => event('view', i / 1_000));
    const machines = [
      event('opened', 0, { class: 'scanner', message: 'm' }),
      event('clicked', 0, { class: 'scanner', message: 'm' }),
    ];
    expect(value('sparsity', [...machines, ...history], 1)).toBe(band);
  });
});

const cdnow = sharedRows('cdnow-sample-transactions.csv.gz');
const summary = sharedRows('cdnow-sample-summary.csv.gz');

describe.skipIf(!cdnow || !summary)('purchases of CDNOW', () => {
  it('have the frequency, recency and age that were published for them', () => {
    const clock = Date.UTC(1997, 8, 30);
    const histories = new Map<string, Behaviour[]>();
    for (const row of cdnow ?? []) {
      const bought = Date.parse(`${row['date']}T00:00:00Z`);
      // The published figures merge the purchases of one day, and count to the end of the last one.
      if (bought > clock) continue;
      const id = row['sample_id'] ?? '';
      const report = {
        id: `${id} ${row['date']} ${row['cds']} ${row['spend']}`,
        type: 'purchase',
        at: bought,
        order: `${id} ${row['date']}`,
      };
      histories.set(id, [...(histories.get(id) ?? []), report]);
    }
    expect(histories.size).toBe(2_357);
    const weeks = (days: unknown): string => (Number(days) / 7).toFixed(2);
    for (const row of summary ?? []) {
      const history = orderlyHistory(histories.get(row['ID'] ?? '') ?? []);
      const figures = ['frequency', 'tenure_days', 'recency_days'].map((name) =>
        feature(name).value(history, clock + 1, {}),
      );
      const [frequency, tenure, recency] = figures.map(Number) as [number, number, number];
      expect(frequency - 1).toBe(Number(row['frequency']));
      expect(weeks(tenure)).toBe(Number(row['T']).toFixed(2));
      expect(weeks(tenure - recency)).toBe(Number(row['recency']).toFixed(2));
    }
  });
});

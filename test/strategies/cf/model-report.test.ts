import { describe, expect, test } from 'vitest';

import type { Measure } from '../../../src/strategies/model-report.js';
import { collaborativeKind } from '../../../src/strategies/cf/collaborative.js';
import { type Judged, judgeRankings } from '../../../src/strategies/cf/measure-rankings.js';
import {
  catalogue,
  clock,
  day,
  did,
  hiking,
  learned,
  logOf,
  parsed,
  person,
  shoppers,
  tea,
} from './world.js';

const valueOf = (measures: readonly Measure[], name: string): number => {
  const found = measures.find((one) => one.name === name);
  if (!found || !('value' in found)) throw new Error(`there is no ${name}`);
  return found.value;
};

describe('measures of rankings', () => {
  test('are what they are by hand', () => {
    const judged: Judged[] = [
      { ranked: ['a', 'b', 'c'], relevant: new Set(['a', 'c', 'x']) },
      { ranked: ['d'], relevant: new Set(['y']) },
      { ranked: [], relevant: new Set(['y']) },
    ];
    const measures = judgeRankings(judged, 8, 'seed');
    const best = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(valueOf(measures, 'nDCG@10')).toBeCloseTo(1.5 / best / 3, 12);
    expect(valueOf(measures, 'precision@10')).toBeCloseTo(0.2 / 3, 12);
    expect(valueOf(measures, 'recall@10')).toBeCloseTo(2 / 3 / 3, 12);
    expect(valueOf(measures, 'MAP@10')).toBeCloseTo((1 + 2 / 3) / 3 / 3, 12);
    expect(valueOf(measures, 'coverage@10')).toBe(4 / 8);
    expect(measures.map(({ name }) => name)[0]).toBe('nDCG@10');
  });

  test('divide by no more than ten', () => {
    const ranked = Array.from({ length: 12 }, (_, i) => `i${i}`);
    const measures = judgeRankings([{ ranked, relevant: new Set(ranked) }], 12, '');
    for (const name of ['nDCG@10', 'precision@10', 'MAP@10']) expect(valueOf(measures, name)).toBe(1);
    expect(valueOf(measures, 'recall@10')).toBe(10 / 12);
  });

  test('have intervals over recipients that hold the value and shrink with their number', () => {
    const some = (count: number): Judged[] =>
      Array.from({ length: count }, (_, i) => ({
        ranked: ['a', 'b'],
        relevant: new Set([i % 3 === 0 ? 'a' : 'z']),
      }));
    const widths = [30, 3_000].map((count) => {
      const [first] = judgeRankings(some(count), 3, 'seed');
      if (!first || !('value' in first) || !first.interval) throw new Error('no interval');
      const [low, high] = first.interval;
      expect(low).toBeLessThan(first.value);
      expect(high).toBeGreaterThan(first.value);
      // 1.96 standard errors of a share of a third.
      expect((high - low) / (2 * 1.96 * Math.sqrt(2 / 9 / count))).toBeCloseTo(1, 0);
      return high - low;
    });
    expect(widths[0]! / widths[1]!).toBeGreaterThan(7);
    expect(judgeRankings(some(1), 3, '')[0]).not.toHaveProperty('interval');
    expect(judgeRankings([], 3, '').every((one) => 'refused' in one)).toBe(true);
  });
});

describe('the report of a model', () => {
  test('sets it beside best sellers on the same recipients, overall and by how much is known', () => {
    const newcomers = Array.from({ length: 10 }, (_, i): [string, ReturnType<typeof person>['history']] => [
      `s_${i}`,
      person(did('purchase', hiking[i % 5] as string, 2)).history,
    ]);
    const { report } = learned({ method: 'item_knn' }, new Map([...shoppers(200), ...newcomers]));
    expect(report.baselines?.map(({ name }) => name)).toEqual(['best sellers']);
    const best = report.baselines?.[0]?.measures ?? [];
    expect(valueOf(report.measures, 'nDCG@10')).toBeGreaterThan(valueOf(best, 'nDCG@10') + 0.2);
    expect(report.bands?.map(({ name, recipients }) => [name, recipients])).toEqual([
      ['0', 10],
      ['1-4', 200],
    ]);
    const [none, some] = report.bands ?? [];
    // Best sellers are what newcomers get from the model, too.
    expect(none?.measures[0]?.measure).toEqual(none?.measures[1]?.measure);
    expect(some?.measures.map(({ by }) => by)).toEqual(['model', 'best sellers']);
    expect(report.notes).toEqual([]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('says where best sellers do as well', () => {
    const { report } = learned({ method: 'popular' });
    expect(report.notes.join()).toContain('Best sellers do as well');
  });

  test('has a line for what dwell brings: views that last tell more than those that do not', () => {
    // Everybody looks at everything; only those who care look for long, and buy it later.
    const histories = new Map(
      Array.from({ length: 80 }, (_, i) => {
        const own = i % 2 === 0 ? tea : hiking;
        const looks = [...tea, ...hiking].map((item, n) =>
          did('view', item, 40 + n, {
            properties: { dwell_seconds: (own as readonly string[]).includes(item) ? 90 : 2 },
          }),
        );
        return [`r_${i}`, person(...looks, did('purchase', own[i % 5] as string, 2)).history] as const;
      }),
    );
    const change = {
      ...{ weights: { view: 1, purchase: 5 }, exclude: { engaged: false } },
      dwell: {
        buckets: [
          { from: 0, weight: 0 },
          { from: 30, weight: 1 },
        ],
      },
    };
    const { report } = learned(change, histories);
    const without = report.baselines?.find(({ name }) => name === 'without dwell');
    expect(valueOf(report.measures, 'nDCG@10')).toBeGreaterThan(valueOf(without?.measures ?? [], 'nDCG@10'));
  });

  test('has a line for what the method for few items brings', () => {
    const { report } = learned({ method: 'user_knn', sparse: { below: 3, method: 'item_knn' } });
    expect(report.baselines?.map(({ name }) => name)).toEqual(['best sellers', 'user_knn for everybody']);
  });

  test('marks a random hold-out as flattering', () => {
    const { report } = learned({ holdOut: { random: 0.2 } });
    expect(report.split).toMatchObject({
      kind: 'random',
      note: expect.stringContaining('flatters') as string,
    });
    expect(report.notes.join()).toContain('flatters');
  });

  test('tells as it goes on, never backwards, and can be ended', () => {
    const told: [string, number][] = [];
    collaborativeKind.learn?.(
      parsed({ sparse: { method: 'item_knn' } }),
      logOf(shoppers()),
      clock,
      '',
      (step, share) => told.push([step, share]),
    );
    expect(told.length).toBeGreaterThan(3);
    const shares = told.map(([, share]) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    const end = () =>
      collaborativeKind.learn?.(parsed(), logOf(shoppers()), clock, '', () => {
        throw new Error('ended');
      });
    expect(end).toThrow('ended');
  });
});

describe('comparing two models', () => {
  test('is on the hold-out at the clock, on the rows on which learn would hold out', () => {
    const model = learned();
    const measured = collaborativeKind.measure?.(parsed(), model.state, logOf(shoppers()), clock, 'seed');
    expect(measured).toEqual(model.report.measures[0]);
    const later = new Date(clock.getTime() + 30 * day);
    const none = collaborativeKind.measure?.(parsed(), model.state, logOf(shoppers()), later, 'seed');
    expect(none).toMatchObject({ refused: true, code: 'too_few' });
    const other = learned({ method: 'popular' });
    const worse = collaborativeKind.measure?.(parsed(), other.state, logOf(shoppers()), clock, 'seed');
    expect(valueOf([worse as Measure], 'nDCG@10')).toBeLessThan(valueOf([measured as Measure], 'nDCG@10'));
    expect(catalogue.length).toBe(11);
  });
});

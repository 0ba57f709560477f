import { describe, expect, it } from 'vitest';
import { type DayCount, daysNeeded, judgeLastDay } from '../../src/evaluation/anomaly.js';
import { seededRandom } from '../../src/evaluation/random.js';
import { isRefusal } from '../../src/evaluation/refusal.js';

const week = [1, 1.1, 1.2, 1.1, 0.9, 0.4, 0.3];

/** Sends of some weeks with a quiet weekend, chance, and growth by day. */
function season(days: number, { seed = 'a', growth = 0, mean = 1_000 } = {}): DayCount[] {
  const random = seededRandom(seed);
  return Array.from({ length: days }, (_, day) => {
    const expected = mean * week[day % 7]! * (1 + growth) ** day;
    return { count: Math.max(0, Math.round(expected + Math.sqrt(expected) * random.normal() * 1.5)) };
  });
}

function judge(days: readonly DayCount[]) {
  const found = judgeLastDay(days);
  if (isRefusal(found)) throw new Error(found.reason);
  return found;
}

const withLast = (days: readonly DayCount[], change: (last: DayCount) => DayCount): DayCount[] =>
  days.map((day, i) => (i === days.length - 1 ? change(day) : day));

describe('the band of a day', () => {
  it('flags a planted spike and a planted hole, on working days and weekends', () => {
    for (let days = 50; days < 57; days++) {
      const usual = season(days, { seed: `d${days}` });
      expect(judge(usual).verdict).toBe('within');
      expect(judge(withLast(usual, ({ count }) => ({ count: count * 2 }))).verdict).toBe('above');
      expect(judge(withLast(usual, ({ count }) => ({ count: Math.round(count / 2) }))).verdict).toBe('below');
      expect(judge(withLast(usual, () => ({ count: 0 }))).verdict).toBe('below');
    }
  });

  it('follows slow growth and the week', () => {
    for (const growth of [0.01, 0.02, -0.01])
      for (let days = 60; days < 74; days++)
        expect([days, judge(season(days, { growth, seed: `g${days}` })).verdict]).toEqual([days, 'within']);
  });

  it('is not widened by one odd day in the past', () => {
    const days = season(60).map((day, i) => (i === 40 ? { count: day.count * 20 } : day));
    expect(judge(days).verdict).toBe('within');
    expect(judge(withLast(days, ({ count }) => ({ count: count * 2 }))).verdict).toBe('above');
  });

  it('says nothing about days that are as ever, small numbers among them', () => {
    let alarms = 0;
    for (let i = 0; i < 400; i++) {
      alarms += Number(
        judge(season(56 + (i % 7), { seed: `q${i}`, mean: i % 2 === 0 ? 1_000 : 6 })).verdict !== 'within',
      );
    }
    expect(alarms).toBeLessThanOrEqual(4);
  });

  it('judges rates, and days without any by no means', () => {
    const random = seededRandom('rates');
    const rate = (i: number): DayCount =>
      i % 7 === 6 ? { count: 0, of: 0 } : { count: Math.round(50 + 7 * random.normal()), of: 1_000 };
    const days = Array.from({ length: 60 }, (_, i) => rate(i));
    expect(judge(days)).toMatchObject({ verdict: 'within' });
    expect(judge(withLast(days, () => ({ count: 120, of: 1_000 })))).toMatchObject({
      value: 0.12,
      verdict: 'above',
    });
    // As many conversions of fewer sends.
    expect(judge(withLast(days, () => ({ count: 50, of: 200 })))).toMatchObject({ verdict: 'above' });
    expect(judgeLastDay(withLast(days, () => ({ count: 0, of: 0 })))).toMatchObject({ code: 'too_few' });
  });

  it('refuses with too little before it, and what is no count', () => {
    expect(judgeLastDay([])).toMatchObject({ code: 'too_few' });
    expect(judgeLastDay(season(daysNeeded))).toMatchObject({ code: 'too_few' });
    expect(judgeLastDay(season(daysNeeded + 1))).toMatchObject({ verdict: 'within' });
    expect(judgeLastDay([...season(40), { count: NaN }])).toMatchObject({ code: 'invalid_input' });
    expect(judgeLastDay([...season(40), { count: 1, of: 0 }])).toMatchObject({ code: 'invalid_input' });
  });

  it('has no band below 0 and expects what has been', () => {
    const { low, high, expected } = judge(Array.from({ length: 50 }, () => ({ count: 2 })));
    expect(low).toBeGreaterThanOrEqual(0);
    expect(expected).toBeCloseTo(2, 6);
    expect(high).toBeGreaterThan(5);
    expect(judge(Array.from({ length: 50 }, () => ({ count: 0 }))).verdict).toBe('within');
  });
});

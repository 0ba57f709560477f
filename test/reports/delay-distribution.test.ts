import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayDistribution, type DelayCount } from '../../src/reports/delay-distribution.js';
import { maturityCurve } from '../../src/reports/maturity-curve.js';
import { isRefusal } from '../../src/statistics/result.js';

/** Every window is over. */
const full = (counts: readonly number[]): DelayCount[] =>
  counts.map((count, delay) => ({ delay, age: counts.length, count }));

function sharesOf(counts: readonly DelayCount[], window: number): number[] {
  const result = delayDistribution(counts, window, 0.95);
  if (isRefusal(result)) throw new Error(result.reason);
  return result.map(({ share }) => share);
}

const cells = fc.array(
  fc.record({
    delay: fc.integer({ min: 0, max: 9 }),
    age: fc.integer({ min: 0, max: 12 }),
    count: fc.integer({ min: 0, max: 40 }),
  }),
  { maxLength: 60 },
);

describe('delays seen only of recipients who were watched long enough', () => {
  // Bins of a day, a window of 3. Watched 3 days: 40, 30, 20 after 0, 1, 2 days; 2 days: 20, 20; 1 day: 10.
  // N(2) = 90, d(2) = 20; N(1) = 40 + 30 + 20 + 20 = 110, d(1) = 50; so F(1 day) = 70/90 * 60/110 = 14/33,
  // F(2 days) = 7/9. Only what is over: 40/90 and 70/90; naively of all 140: 70/140, too much.
  const staggered: DelayCount[] = [
    { delay: 0, age: 3, count: 40 }, { delay: 1, age: 3, count: 30 }, { delay: 2, age: 3, count: 20 },
    { delay: 0, age: 2, count: 20 }, { delay: 1, age: 2, count: 20 }, { delay: 0, age: 1, count: 10 },
  ]; // prettier-ignore

  it('are weighed by hand', () => {
    const shares = sharesOf(staggered, 3);
    expect(shares[0]).toBeCloseTo(14 / 33, 14);
    expect(shares[1]).toBeCloseTo(7 / 9, 14);
    expect(shares[2]).toBe(1);
  });

  // Var log F(1 day) = 20/(90*70) + 50/(110*60) = 0.0107504; log F = log(14/33) = -0.857450.
  // Half width on log(-log F): 1.959964 * 0.103684 / 0.857450 = 0.237001; F^exp(±0.237001).
  it('have the interval of the reversed Greenwood variance', () => {
    const result = delayDistribution(staggered, 3, 0.95);
    if (isRefusal(result)) throw new Error(result.reason);
    expect(result[0]?.interval.lower).toBeCloseTo((14 / 33) ** Math.exp(0.237001), 5);
    expect(result[0]?.interval.upper).toBeCloseTo((14 / 33) ** Math.exp(-0.237001), 5);
    expect(result[2]?.interval).toEqual({ lower: 1, upper: 1, level: 0.95 });
  });

  it('are plain shares where every window is over', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 20 }), (counts) => {
        const all = counts.reduce((sum, n) => sum + n, 0);
        fc.pre(!isRefusal(delayDistribution(full(counts), counts.length, 0.95)));
        let run = 0;
        const plain = counts.map((n) => (run += n) / all);
        sharesOf(full(counts), counts.length).forEach((share, i) => expect(share).toBeCloseTo(plain[i] ?? NaN, 10));
      }),
    );
  });

  it('never fall, stay within 0 and 1 and within their interval, and end at 1', () => {
    let computed = 0;
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 10 }), (counts, window) => {
        const result = delayDistribution(counts, window, 0.95);
        if (isRefusal(result)) return;
        computed++;
        expect(result).toHaveLength(window);
        expect(result.at(-1)?.share).toBe(1);
        result.forEach(({ share, interval }, i) => {
          expect(share).toBeGreaterThanOrEqual(result[i - 1]?.share ?? 0);
          expect(share).toBeLessThanOrEqual(1);
          expect(interval.lower).toBeGreaterThanOrEqual(0);
          expect(interval.upper).toBeLessThanOrEqual(1);
          expect(interval.lower).toBeLessThanOrEqual(share);
          expect(interval.upper).toBeGreaterThanOrEqual(share);
        });
      }),
      { numRuns: 2000 },
    );
    expect(computed).toBeGreaterThan(200);
  });

  it('do not depend on order or on how counts are split', () => {
    fc.assert(
      fc.property(cells, (counts) => {
        const split = counts.flatMap(({ delay, age, count }) => [
          { delay, age, count: Math.floor(count / 2) },
          { delay, age, count: count - Math.floor(count / 2) },
        ]);
        expect(delayDistribution(split.reverse(), 8, 0.9)).toEqual(delayDistribution(counts, 8, 0.9));
      }),
    );
  });

  it('are refused where the end of the window was never seen, or too little was', () => {
    const code = (counts: readonly DelayCount[], window: number, level = 0.95): string | undefined => {
      const result = delayDistribution(counts, window, level);
      return isRefusal(result) ? result.code : undefined;
    };
    expect(code([{ delay: 0, age: 2, count: 500 }, { delay: 1, age: 2, count: 500 }], 3)).toBe('too_few');
    expect(code(full([10, 10, 9]), 3)).toBe('too_few');
    expect(code(full([10, 10, 10]), 3)).toBeUndefined();
    // Nobody quick was ever watched long enough to be seen beside those who took two days.
    expect(code([{ delay: 0, age: 1, count: 100 }, { delay: 2, age: 3, count: 100 }], 3)).toBe('too_few');
    for (const bad of [-1, 0.5, NaN, Infinity])
      expect(code([{ delay: bad, age: 3, count: 1 }], 3)).toBe('invalid_input');
    expect(code(full([10, 10, 10]), 0)).toBe('invalid_input');
    expect(code(full([10, 10, 10]), 3, 1)).toBe('invalid_input');
  });
}); // prettier-ignore

describe('the curve of maturity', () => {
  const question = { binMs: 86_400_000, window: 4, level: 0.95, what: 'orders' };

  it('says from when on most is in', () => {
    const curve = maturityCurve({ ...question, counts: full([50, 20, 15, 15]) });
    if (isRefusal(curve)) throw new Error(curve.reason);
    expect(curve.sentence).toMatch(
      /^After 3 days 85\.0% of the orders of a full window of 4 days have come in \(95% interval \d\d\.\d% to \d\d\.\d%\)\.$/,
    );
    expect(curve.points.map(({ ageMs, text }) => [ageMs / 86_400_000, text.slice(0, 5)])).toEqual([
      [1, '50.0%'], [2, '70.0%'], [3, '85.0%'], [4, '100.0'],
    ]); // prettier-ignore
  });

  it('says so where most comes late, and refuses as its estimate does', () => {
    expect(maturityCurve({ ...question, counts: full([5, 5, 5, 50]) })).toMatchObject({
      sentence: expect.stringMatching(/come late/) as string,
    });
    expect(maturityCurve({ ...question, counts: [] })).toMatchObject({ refused: true, code: 'too_few' });
  });
});

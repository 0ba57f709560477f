import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/statistics/count.js';
import { bulkComparison } from '../../src/statistics/proportions/bulk-comparison.js';
import { rateDeltaUplift } from '../../src/statistics/proportions/delta-uplift.js';
import { fiellerUplift } from '../../src/statistics/proportions/fieller-uplift.js';
import { katz } from '../../src/statistics/proportions/katz.js';
import { logOddsRatio } from '../../src/statistics/proportions/log-odds-ratio.js';
import { newcombe } from '../../src/statistics/proportions/newcombe.js';
import { scoreRatio } from '../../src/statistics/proportions/score-ratio.js';
import { unpooledZ } from '../../src/statistics/proportions/z-test.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, counts, leavesOutZero, levels, must } from './arbitrary.js';

function count(successes: number | bigint, n: number | bigint): Count {
  return { successes: BigInt(successes), n: BigInt(n) };
}

describe('uplifts', () => {
  const [aspirin, placebo] = [count(104, 11_037), count(189, 11_034)];

  it('are those of the aspirin study (Agresti, 3.1)', () => {
    const { value, interval, seLog } = must(katz(aspirin, placebo, 0.95));
    expect([1 + value, 1 + interval.lower, 1 + interval.upper].map((x) => x.toFixed(3))).toEqual([
      '1.818',
      '1.433',
      '2.306',
    ]);
    expect(seLog).toBeCloseTo(0.1213, 4);
    const odds = must(logOddsRatio(aspirin, placebo, 0.95));
    expect([odds.value, odds.se].map((x) => x!.toFixed(3))).toEqual(['0.605', '0.123']);
    expect(Math.exp(odds.interval.lower).toFixed(2)).toBe('1.44');
    expect(Math.exp(odds.interval.upper).toFixed(2)).toBe('2.33');
  });

  it('hold the value; Katz and Fieller invert with swapped arms, the odds ratio mirrors', () => {
    fc.assert(
      fc.property(counts, counts, levels, (a, b, level) => {
        for (const method of [katz, fiellerUplift]) {
          const [there, back] = [method(a, b, level), method(b, a, level)];
          if (isRefusal(there)) continue;
          expect(there.interval.lower <= there.value && there.value <= there.interval.upper).toBe(true);
          if (isRefusal(back) || Math.min(there.interval.lower, back.interval.lower) < -1 + 1e-7) continue;
          expect((1 + there.interval.lower) * (1 + back.interval.upper)).toBeCloseTo(1, 7);
        }
        const odds = logOddsRatio(a, b, level);
        if (isRefusal(odds)) return;
        const mirrored = must(logOddsRatio(b, a, level));
        expect(mirrored.value).toBeCloseTo(-odds.value, 12);
        expect(mirrored.interval.lower).toBeCloseTo(-odds.interval.upper, 12);
      }),
    );
  });

  it("Fieller's leaves out 0 exactly when the unpooled z test rejects, even where p is alpha", () => {
    fc.assert(
      fc.property(counts, counts, levels, fc.integer({ min: -3, max: 3 }), (a, b, plain, steps) => {
        const test = unpooledZ(a, b);
        fc.pre(!isRefusal(test));
        const { p } = must(test);
        const level = p > 1e-6 && p < 0.9 && steps !== 0 ? 1 - p + steps * 2 ** -53 : plain;
        const uplift = fiellerUplift(a, b, level);
        fc.pre(!isRefusal(uplift));
        expect(leavesOutZero(must(uplift).interval)).toBe(p < 1 - level);
      }),
      { numRuns: 1000 },
    );
  });

  it('delta is symmetric and may contradict them all; Fieller and score are alike in large arms', () => {
    const { value, interval } = must(rateDeltaUplift(count(100, 1000), count(130, 1000), 0.95));
    expect(interval.upper - value).toBeCloseTo(value - interval.lower, 14);
    expect(interval.lower).toBeLessThan(0);
    const large = [count(20_000_000, 100_000_000), count(20_010_000, 100_000_000)] as const;
    const fieller = must(fiellerUplift(...large, 0.95)).interval;
    const score = must(scoreRatio(...large, 0.95)).interval;
    expect(fieller.lower / score.lower).toBeCloseTo(1, 6);
    expect(fieller.upper / score.upper).toBeCloseTo(1, 6);
  });

  it('of rates close to 100 % keep their digits', () => {
    // Where everybody did it, the score interval ends at ± z²/n to first order.
    const all = [count(120_009_027, 120_009_027), count(102_106_838, 102_106_838)] as const;
    const { lower, upper } = must(scoreRatio(...all, 0.95)).interval;
    const square = 1.959963984540054 ** 2;
    expect(upper / (square / 120_009_027)).toBeCloseTo(1, 6);
    expect(lower / (-square / 102_106_838)).toBeCloseTo(1, 6);
  });

  it('warn where few did it', () => {
    expect(must(katz(count(4, 500), count(9, 500), 0.95)).warnings.map(({ code }) => code)).toEqual([
      'few_events',
    ]);
    expect(must(katz(aspirin, placebo, 0.95)).warnings).toEqual([]);
  });

  it('refuse each in its own way', () => {
    const codes = (a: Count, b: Count) =>
      [katz, rateDeltaUplift, fiellerUplift, logOddsRatio].map((method) => codeOf(method(a, b, 0.95)));
    expect(codes(count(0, 500), count(4, 500))).toEqual([...Array(3).fill('baseline_zero'), 'too_few']);
    expect(codes(count(4, 500), count(0, 500))).toEqual([
      'no_variation',
      'no_variation',
      'no_variation',
      'too_few',
    ]);
    expect(codes(count(5, 5), count(9, 9))).toEqual([...Array(3).fill('no_variation'), 'too_few']);
    expect(codes(count(5, 5), count(8, 9))).toEqual([...Array(3).fill('not refused'), 'too_few']);
    expect(codes(count(0, 0), count(8, 9))).toEqual(Array(4).fill('empty_arm'));
    // 3 of 500 lie within 1.96 standard errors of 0.
    expect(codeOf(fiellerUplift(count(3, 500), count(9, 510), 0.95))).toBe('baseline_zero');
    expect(codeOf(fiellerUplift(count(3, 500), count(9, 510), 0.8))).toBe('not refused');
  });
});

describe('bulk comparisons', () => {
  it("have intervals that never contradict Pearson's test", () => {
    fc.assert(
      fc.property(counts, counts, levels, (a, b, level) => {
        const { difference, uplift, test } = must(bulkComparison(a, b, level));
        const rejects = !isRefusal(test) && test.p < 1 - level;
        expect(leavesOutZero(difference.interval)).toBe(rejects);
        if (isRefusal(uplift)) expect(a.successes).toBe(0n);
        else expect(leavesOutZero(uplift.interval)).toBe(rejects);
      }),
      { numRuns: 1000 },
    );
  });

  it('change from score to Katz at 20 successes in each arm', () => {
    const few = [count(19, 1000), count(40, 1000)] as const;
    const enough = [count(20, 1000), count(40, 1000)] as const;
    const upliftOf = (arms: readonly [Count, Count]) => must(must(bulkComparison(...arms, 0.95)).uplift);
    expect(upliftOf(few)).toEqual(must(scoreRatio(...few, 0.95)));
    expect(upliftOf(enough).interval).toEqual(must(katz(...enough, 0.95)).interval);
    expect(must(bulkComparison(...enough, 0.95)).difference.interval).toEqual(
      must(newcombe(...enough, 0.95)).interval,
    );
  });

  it('refuse only what has no answer', () => {
    const nobody = must(bulkComparison(count(0, 500), count(0, 400), 0.95));
    expect([codeOf(nobody.test), codeOf(nobody.uplift)]).toEqual(['no_variation', 'baseline_zero']);
    expect(codeOf(must(bulkComparison(count(50, 50), count(40, 40), 0.95)).uplift)).toBe('not refused');
    expect(codeOf(bulkComparison(count(0, 0), count(0, 400), 0.95))).toBe('empty_arm');
    expect(codeOf(bulkComparison(count(1, 10), count(0, 400), 2))).toBe('invalid_input');
  });
});

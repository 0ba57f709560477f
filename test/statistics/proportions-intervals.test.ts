import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { agrestiCaffo } from '../../src/statistics/proportions/agresti-caffo.js';
import { agrestiCoull } from '../../src/statistics/proportions/agresti-coull.js';
import { clopperPearson, jeffreys } from '../../src/statistics/proportions/beta-intervals.js';
import { bulkComparison } from '../../src/statistics/proportions/bulk-comparison.js';
import { deltaUplift } from '../../src/statistics/proportions/delta-uplift.js';
import { fiellerUplift } from '../../src/statistics/proportions/fieller-uplift.js';
import { katz } from '../../src/statistics/proportions/katz.js';
import { logOddsRatio } from '../../src/statistics/proportions/log-odds-ratio.js';
import { newcombe } from '../../src/statistics/proportions/newcombe.js';
import { scoreDifference } from '../../src/statistics/proportions/score-difference.js';
import { scoreRatio } from '../../src/statistics/proportions/score-ratio.js';
import { correctedWaldDifference, waldDifference } from '../../src/statistics/proportions/wald-difference.js';
import { wilson } from '../../src/statistics/proportions/wilson.js';
import { unpooledZ } from '../../src/statistics/proportions/z-test.js';
import { isRefusal, type Interval } from '../../src/statistics/result.js';
import { codeOf, counts, leavesOutZero, levels, must } from './arbitrary.js';

function count(successes: number | bigint, n: number | bigint): Count {
  return { successes: BigInt(successes), n: BigInt(n) };
}

const failures = ({ successes, n }: Count): Count => ({ successes: n - successes, n });
const rounded = ({ lower, upper }: Interval, digits = 4) => [lower.toFixed(digits), upper.toFixed(digits)];

describe('intervals of one rate', () => {
  const all = [wilson, clopperPearson, jeffreys, agrestiCoull];

  it('are the published ones for none of ten and for 42 of 137', () => {
    const none = count(0, 10);
    // 1 - 0.025^(1/10), Clopper & Pearson; Brown, Cai & DasGupta for Jeffreys.
    expect(must(clopperPearson(none, 0.95)).interval.upper).toBeCloseTo(1 - 0.025 ** 0.1, 13);
    expect(rounded(must(jeffreys(none, 0.95)).interval)).toEqual(['0.0000', '0.2172']);
    expect(rounded(must(agrestiCoull(none, 0.95)).interval)).toEqual(['-0.0434', '0.3209']);
  });

  it('mirror for failures, and narrow with the level', () => {
    fc.assert(
      fc.property(counts, levels, (arm, level) => {
        for (const method of all) {
          const there = must(method(arm, level)).interval;
          const back = must(method(failures(arm), level)).interval;
          expect(there.lower).toBeCloseTo(1 - back.upper, 12);
          // The middle of Agresti and Coull's moves with the level.
          if (method === agrestiCoull) continue;
          const narrower = must(method(arm, level / 2)).interval;
          expect(there.lower <= narrower.lower && narrower.upper <= there.upper).toBe(true);
        }
      }),
    );
  });

  it("hold the rate; Clopper and Pearson's holds Jeffreys', Agresti and Coull's holds Wilson's", () => {
    fc.assert(
      fc.property(counts, levels, (arm, level) => {
        const [score, exact, prior, smoothed] = all.map((method) => must(method(arm, level)).interval) as [
          Interval,
          Interval,
          Interval,
          Interval,
        ];
        const rate = Number(arm.successes) / Number(arm.n);
        expect(exact.lower <= rate && rate <= exact.upper).toBe(true);
        const slack = 1e-13;
        expect(exact.lower <= prior.lower + slack && prior.upper <= exact.upper + slack).toBe(true);
        expect(smoothed.lower <= score.lower + slack && score.upper <= smoothed.upper + slack).toBe(true);
        expect(prior.lower >= 0 && prior.upper <= 1).toBe(true);
      }),
    );
  });

  it("Clopper and Pearson's ends where the binomial tails are (1 - level) / 2", () => {
    const arms = fc
      .tuple(fc.integer({ min: 2, max: 1_000_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([n, share]) => [1 + Math.floor((share * share * (n - 2)) / 2), n] as const);
    fc.assert(
      fc.property(arms, levels, ([x, n], level) => {
        fc.pre(x < n);
        const { lower, upper } = must(clopperPearson(count(x, n), level)).interval;
        const log = Math.log((1 - level) / 2);
        expect(Math.abs(binomial.logSf(x - 1, n, lower) - log)).toBeLessThan(1e-6);
        expect(Math.abs(binomial.logCdf(x, n, upper) - log)).toBeLessThan(1e-6);
      }),
    );
  });

  it('refuse', () => {
    for (const method of all) {
      expect(codeOf(method(count(0, 0), 0.95))).toBe('empty_arm');
      expect(codeOf(method(count(3, 2), 0.95))).toBe('invalid_input');
      for (const level of [0, 1, NaN, -1, 95]) {
        expect(codeOf(method(count(1, 2), level))).toBe('invalid_input');
      }
    }
    expect(codeOf(clopperPearson(count(3n, 10n ** 18n), 0.95))).toBe('too_many');
    expect(codeOf(jeffreys(count(3n, 10n ** 18n), 0.95))).toBe('too_many');
  });
});

describe('intervals of a difference', () => {
  const all = [newcombe, agrestiCaffo, waldDifference, correctedWaldDifference];

  it('are those of Newcombe (1998), table II', () => {
    const of = (method: typeof newcombe, x1: number, n1: number, x2: number, n2: number) =>
      rounded(must(method(count(x2, n2), count(x1, n1), 0.95)).interval);
    expect(of(newcombe, 56, 70, 48, 80)).toEqual(['0.0524', '0.3339']);
    expect(of(newcombe, 9, 10, 3, 10)).toEqual(['0.1705', '0.8090']);
    expect(of(newcombe, 10, 10, 0, 20)).toEqual(['0.6791', '1.0000']);
    expect(of(newcombe, 5, 56, 0, 29)).toEqual(['-0.0381', '0.1926']);
    expect(of(waldDifference, 56, 70, 48, 80)).toEqual(['0.0575', '0.3425']);
    expect(of(correctedWaldDifference, 56, 70, 48, 80)).toEqual(['0.0441', '0.3559']);
    expect(of(correctedWaldDifference, 10, 10, 0, 20)).toEqual(['0.9250', '1.0000']);
  });

  it('stay in [-1, 1], mirror for swapped arms and for failures', () => {
    fc.assert(
      fc.property(counts, counts, levels, (a, b, level) => {
        for (const method of all) {
          const { lower, upper } = must(method(a, b, level)).interval;
          expect(-1 <= lower && lower <= upper && upper <= 1).toBe(true);
          const swapped = must(method(b, a, level)).interval;
          expect([swapped.lower, swapped.upper]).toEqual([
            expect.closeTo(-upper, 12),
            expect.closeTo(-lower, 12),
          ]);
          const failed = must(method(failures(b), failures(a), level)).interval;
          expect([failed.lower, failed.upper]).toEqual([
            expect.closeTo(lower, 12),
            expect.closeTo(upper, 12),
          ]);
        }
      }),
    );
  });

  it("Newcombe's holds the difference and is close to the score interval in large arms", () => {
    fc.assert(
      fc.property(counts, counts, levels, (a, b, level) => {
        const { value, interval } = must(newcombe(a, b, level));
        expect(interval.lower <= value && value <= interval.upper).toBe(true);
        const enough = [a, b].every(({ successes, n }) => successes > 10_000n && n - successes > 10_000n);
        if (!enough) return;
        const score = must(scoreDifference(a, b, level)).interval;
        const width = score.upper - score.lower;
        expect(Math.abs(interval.lower - score.lower) / width).toBeLessThan(0.005);
        expect(Math.abs(interval.upper - score.upper) / width).toBeLessThan(0.005);
      }),
    );
  });

  it('keep their digits in arms of ten thousand million', () => {
    const n = 10_000_000_000;
    const { lower, upper } = must(newcombe(count(2_000_000_000, n), count(2_000_010_000, n), 0.95)).interval;
    // Symmetric to 1e-10 there: 1e-6 ± 1.96 √(2 · 0.16 / n).
    const half = 1.959963984540054 * Math.sqrt((0.16 + 0.200001 * 0.799999) / n);
    expect((upper - lower) / (2 * half)).toBeCloseTo(1, 8);
  });

  it('refuse', () => {
    for (const method of all) {
      expect(codeOf(method(count(0, 0), count(1, 2), 0.95))).toBe('empty_arm');
      expect(codeOf(method(count(1, 2), count(3, 2), 0.95))).toBe('invalid_input');
      expect(codeOf(method(count(1, 2), count(1, 2), 1))).toBe('invalid_input');
    }
    expect(codeOf(scoreDifference(count(1, 2), count(1, 2), 0.9, 'N' as never))).toBe('invalid_input');
    expect(codeOf(scoreRatio(count(1, 2), count(1, 2), 0.9, 'N' as never))).toBe('invalid_input');
  });
});

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
    const { value, interval } = must(deltaUplift(count(100, 1000), count(130, 1000), 0.95));
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
      [katz, deltaUplift, fiellerUplift, logOddsRatio].map((method) => codeOf(method(a, b, 0.95)));
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { agrestiCaffo } from '../../src/statistics/proportions/agresti-caffo.js';
import { agrestiCoull } from '../../src/statistics/proportions/agresti-coull.js';
import { clopperPearson, jeffreys } from '../../src/statistics/proportions/beta-intervals.js';
import { newcombe } from '../../src/statistics/proportions/newcombe.js';
import { scoreDifference } from '../../src/statistics/proportions/score-difference.js';
import { scoreRatio } from '../../src/statistics/proportions/score-ratio.js';
import { correctedWaldDifference, waldDifference } from '../../src/statistics/proportions/wald-difference.js';
import { wilson } from '../../src/statistics/proportions/wilson.js';
import { type Interval } from '../../src/statistics/result.js';
import { codeOf, counts, levels, must } from './arbitrary.js';

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

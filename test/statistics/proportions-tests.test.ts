import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/statistics/count.js';
import { gTest } from '../../src/statistics/proportions/g-test.js';
import { miettinenNurminen } from '../../src/statistics/proportions/miettinen-nurminen.js';
import {
  nonInferiorDifference,
  nonInferiorUplift,
  type Better,
} from '../../src/statistics/proportions/non-inferiority.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { scoreDifference } from '../../src/statistics/proportions/score-difference.js';
import { scoreRatio } from '../../src/statistics/proportions/score-ratio.js';
import { yates } from '../../src/statistics/proportions/yates.js';
import { pooledZ, unpooledZ } from '../../src/statistics/proportions/z-test.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, counts, leavesOutZero, levels, must } from './arbitrary.js';

function count(successes: number | bigint, n: number | bigint): Count {
  return { successes: BigInt(successes), n: BigInt(n) };
}

const none = [count(0, 10), count(0, 20)] as const;
const all = [count(10, 10), count(20, 20)] as const;

describe("Yates's test", () => {
  it("is R's prop.test(c(15, 25), c(50, 50))", () => {
    const test = must(yates(count(15, 50), count(25, 50)));
    expect(test.statistic).toBeCloseTo(3.375, 12);
    expect(test.p).toBeCloseTo(0.06619, 5);
  });

  it('is never above Pearson, and 0 where a single recipient makes the difference', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [plain, corrected] = [pearson([a, b]), yates(a, b)];
        expect(isRefusal(corrected)).toBe(isRefusal(plain));
        fc.pre(!isRefusal(plain));
        expect(must(corrected).p).toBeGreaterThanOrEqual(must(plain).p);
        expect(must(yates(b, a)).statistic).toBe(must(corrected).statistic);
      }),
    );
    expect(must(yates(count(5, 40), count(6, 41)))).toMatchObject({ statistic: 0, p: 1, logP: 0 });
  });

  it('corrects by half a recipient in arms of ten thousand million', () => {
    // cross = 10^5 n, so X² = 2 (10^5 - 1)² / (n · 2P · 2(1 - P)) with P = 0.200005.
    const n = 10_000_000_000;
    const p = 0.200005;
    const expected = (2 * 99_999 ** 2) / (n * 4 * p * (1 - p));
    const { statistic } = must(yates(count(2_000_000_000, n), count(2_000_100_000, n)));
    expect(statistic / expected).toBeCloseTo(1, 12);
  });
});

describe('the G test', () => {
  it('sums O log(O / E)', () => {
    const small = fc
      .integer({ min: 1, max: 400 })
      .chain((n) => fc.integer({ min: 0, max: n }).map((k) => [k, n]));
    fc.assert(
      fc.property(fc.array(small, { minLength: 2, maxLength: 5 }), (arms) => {
        const [x, n] = [0, 1].map((i) => arms.reduce((sum, arm) => sum + arm[i]!, 0)) as [number, number];
        fc.pre(x > 0 && x < n);
        const part = (o: number, e: number) => (o === 0 ? 0 : 2 * o * Math.log(o / e));
        const expected = arms.reduce(
          (sum, [k, m]) => sum + part(k!, (m! * x) / n) + part(m! - k!, (m! * (n - x)) / n),
          0,
        );
        const test = must(gTest(arms.map(([k, m]) => count(k!, m!))));
        expect(test.statistic).toBeCloseTo(expected, 8);
        expect(test.df).toEqual([arms.length - 1]);
      }),
    );
  });

  it('does not cancel in large arms: there it is Pearson, up to the third order', () => {
    const arms = [count(2_000_000_000_000, 1e13), count(2_000_002_000_000, 1e13)];
    expect(must(gTest(arms)).statistic / must(pearson(arms)).statistic).toBeCloseTo(1, 9);
    expect(must(gTest([count(1e12, 1e13), count(1e12, 1e13)])).statistic).toBe(0);
  });
});

describe('z tests', () => {
  it('are the heart attacks of the aspirin study (Agresti, 3.1.1)', () => {
    const [aspirin, placebo] = [count(104, 11_037), count(189, 11_034)];
    expect(must(pooledZ(aspirin, placebo)).statistic).toBeCloseTo(5.0014, 4);
    // Difference 0.0077 with standard error 0.00154.
    expect(must(unpooledZ(aspirin, placebo)).statistic).toBeCloseTo(0.0077064 / 0.0015396, 2);
  });

  it('pooled is the root of Pearson; the sides add up and halve', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const plain = pearson([a, b]);
        fc.pre(!isRefusal(plain));
        const both = must(pooledZ(a, b));
        expect(both.p).toBe(must(plain).p);
        expect(both.statistic ** 2 / must(plain).statistic || 1).toBeCloseTo(1, 12);
        const [greater, less] = [must(pooledZ(a, b, 'greater')), must(pooledZ(a, b, 'less'))];
        expect(greater.p + less.p).toBeCloseTo(1, 12);
        expect(Math.abs(2 * Math.min(greater.p, less.p) - both.p)).toBeLessThan(1e-12);
        expect(must(pooledZ(b, a, 'greater')).logP).toBe(less.logP);
      }),
    );
  });

  it('keep the logarithm where p is too small for a double', () => {
    const test = must(pooledZ(count(100_000, 1_000_000), count(200_000, 1_000_000), 'greater'));
    expect(test.p).toBe(0);
    expect(test.logP / (-0.5 * test.statistic ** 2)).toBeCloseTo(1, 3);
  });

  it('refuse where nothing varies, and unpooled where nothing varies within the arms', () => {
    for (const arms of [none, all]) {
      expect([pooledZ(...arms), unpooledZ(...arms)].map(codeOf)).toEqual(['no_variation', 'no_variation']);
    }
    expect(codeOf(unpooledZ(none[0], all[0]))).toBe('no_variation');
    expect(codeOf(pooledZ(none[0], all[0]))).toBe('not refused');
    expect(codeOf(pooledZ(count(1, 9), count(2, 9), 'more' as never))).toBe('invalid_input');
    expect(codeOf(unpooledZ(count(1, 9), count(2, 9), 'more' as never))).toBe('invalid_input');
  });
});

describe('Miettinen and Nurminen', () => {
  it('leave out 0 exactly when their test rejects', () => {
    fc.assert(
      fc.property(counts, counts, levels, (a, b, level) => {
        const { difference, test } = must(miettinenNurminen(a, b, level));
        const rejects = !isRefusal(test) && test.p < 1 - level;
        expect(leavesOutZero(difference.interval)).toBe(rejects);
      }),
      { numRuns: 1000 },
    );
  });

  it('have an interval but no test where nobody did it', () => {
    const { difference, test } = must(miettinenNurminen(...none, 0.95));
    expect(difference.interval.lower).toBeLessThan(0);
    expect(difference.interval.upper).toBeGreaterThan(0);
    expect(codeOf(test)).toBe('no_variation');
  });
});

describe('non-inferiority', () => {
  const margins = fc.double({ min: 0.001, max: 0.5, noNaN: true });
  const betters = fc.constantFrom<Better>('higher', 'lower');
  const corrections = fc.constantFrom('none' as const, 'n-1' as const);

  it('is shown exactly when the score interval at 1 - 2 alpha stays on the good side of the margin', () => {
    fc.assert(
      fc.property(counts, counts, margins, betters, corrections, (a, b, margin, better, correction) => {
        const good = ({ lower, upper }: { lower: number; upper: number }) =>
          better === 'higher' ? lower > -margin : upper < margin;
        const difference = must(nonInferiorDifference(a, b, margin, better, correction));
        const { interval } = must(scoreDifference(a, b, 0.9, correction));
        if (Math.abs(difference.p - 0.05) > 1e-9) expect(difference.p < 0.05).toBe(good(interval));
        const ratio = nonInferiorUplift(a, b, margin, better, correction);
        const uplift = scoreRatio(a, b, 0.9, correction);
        if (isRefusal(ratio) || isRefusal(uplift) || Math.abs(ratio.p - 0.05) < 1e-9) return;
        expect(ratio.p < 0.05).toBe(good(uplift.interval));
      }),
      { numRuns: 1500 },
    );
  });

  it('with margin 0 is the one-sided test of equal rates', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const plain = pooledZ(a, b, 'greater');
        fc.pre(!isRefusal(plain));
        for (const test of [nonInferiorDifference(a, b, 0, 'higher'), nonInferiorUplift(a, b, 0, 'higher')]) {
          expect(must(test).statistic).toBeCloseTo(must(plain).statistic, 6);
          expect(must(test).p).toBeCloseTo(must(plain).p, 8);
        }
      }),
    );
  });

  it('is not half of a two-sided p: equal rates are not inferior by 5 points, nor shown equal', () => {
    const [a, b] = [count(100, 1000), count(100, 1000)];
    expect(must(pooledZ(a, b)).p).toBe(1);
    // z = 0.05 / 0.0134 with rates of 12.4 % and 7.4 % on the border.
    expect(must(nonInferiorDifference(a, b, 0.05, 'higher')).p).toBeLessThan(2e-4);
    expect(must(nonInferiorDifference(a, b, 0.01, 'higher')).p).toBeCloseTo(0.228, 3);
  });

  it('refuses impossible margins and sides', () => {
    const arms = [count(3, 20), count(4, 20)] as const;
    for (const margin of [-0.1, 1, NaN, Infinity]) {
      expect(codeOf(nonInferiorDifference(...arms, margin, 'higher'))).toBe('invalid_input');
      expect(codeOf(nonInferiorUplift(...arms, margin, 'higher'))).toBe('invalid_input');
    }
    expect(codeOf(nonInferiorUplift(...arms, 1, 'lower'))).toBe('not refused');
    expect(codeOf(nonInferiorUplift(...arms, 0.1, 'best' as never))).toBe('invalid_input');
    expect(codeOf(nonInferiorDifference(...arms, 0.1, 'higher', 'N' as never))).toBe('invalid_input');
    expect(codeOf(nonInferiorUplift(...none, 0.1, 'higher'))).toBe('no_variation');
    expect(codeOf(nonInferiorDifference(...none, 0, 'higher'))).toBe('no_variation');
    expect(codeOf(nonInferiorDifference(...none, 0.1, 'higher'))).toBe('not refused');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anova } from '../../src/statistics/means/anova.js';
import { fieller } from '../../src/statistics/means/fieller.js';
import { meanInterval } from '../../src/statistics/means/mean-interval.js';
import { isRefusal } from '../../src/statistics/result.js';
import { skewDiagnosis, skewGuard } from '../../src/statistics/means/skew-guard.js';
import { mean, type OutcomeSums } from '../../src/statistics/sums.js';
import { welch } from '../../src/statistics/means/welch.js';
import { welchAnova } from '../../src/statistics/means/welch-anova.js';
import { codeOf, leavesOutZero, levels, must, outcomes, sumUp } from './arbitrary.js';
import { hillstrom } from './hillstrom.js';

function sums(n: bigint, nonZero: bigint, sum: bigint, sumSquares: bigint, sumCubes: bigint): OutcomeSums {
  return { n, nonZero, sum, sumSquares, sumCubes };
}

describe('Hillstrom spend', () => {
  it('mens against none', () => {
    const { difference, test } = must(welch(hillstrom.none, hillstrom.mens, 0.95));
    expect(test.statistic).toBeCloseTo(5.30014, 5);
    expect(test.df[0]).toBeCloseTo(36671.158, 3);
    expect(test.p / 1.164e-7).toBeCloseTo(1, 3);
    expect(difference.value / 100).toBeCloseTo(0.769827, 6);
    expect(must(fieller(hillstrom.none, hillstrom.mens, 0.95)).value).toBeCloseTo(1.1793, 4);
  });

  it('womens against none, mens against womens', () => {
    const womens = must(welch(hillstrom.none, hillstrom.womens, 0.95)).test;
    expect(womens.statistic).toBeCloseTo(3.25637, 5);
    expect(womens.df[0]).toBeCloseTo(40064.884, 3);
    expect(womens.p).toBeCloseTo(0.0011294, 7);
    expect(must(welch(hillstrom.womens, hillstrom.mens, 0.95)).test.statistic).toBeCloseTo(2.16402, 5);
  });

  it('means by arm', () => {
    expect(mean(hillstrom.none) / 100).toBeCloseTo(0.652789, 6);
    const { value, se } = must(meanInterval(hillstrom.mens, 0.95));
    expect(value / 100).toBeCloseTo(1.422617, 6);
    expect((se! * Math.sqrt(21307)) / 100).toBeCloseTo(17.7542, 4);
  });
});

describe('welch and fieller', () => {
  it('leave out no effect exactly when the test rejects', () => {
    fc.assert(
      fc.property(outcomes, outcomes, levels, (a, b, level) => {
        const [control, treatment] = [sumUp(a), sumUp(b)];
        const result = welch(control, treatment, level);
        fc.pre(!isRefusal(result));
        const rejects = result.test.p < 1 - level;
        expect(leavesOutZero(result.difference.interval)).toBe(rejects);
        const uplift = fieller(control, treatment, level);
        if (isRefusal(uplift)) {
          const base = meanInterval(control, level);
          expect(uplift.code).toBe('baseline_zero');
          expect(isRefusal(base) ? mean(control) : 0).toBe(0);
          return;
        }
        expect(leavesOutZero(uplift.interval)).toBe(rejects);
        expect(uplift.interval.lower <= uplift.value && uplift.value <= uplift.interval.upper).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('agree with the test even where p is alpha to the last digit', () => {
    fc.assert(
      fc.property(outcomes, outcomes, fc.integer({ min: -3, max: 3 }), (a, b, steps) => {
        const [control, treatment] = [sumUp(a), sumUp(b)];
        const first = welch(control, treatment, 0.95);
        fc.pre(!isRefusal(first) && first.test.p > 1e-6 && first.test.p < 0.9);
        const level = 1 - must(first).test.p + steps * 2 ** -53;
        const { difference, test } = must(welch(control, treatment, level));
        expect(leavesOutZero(difference.interval)).toBe(test.p < 1 - level);
        const uplift = fieller(control, treatment, level);
        if (!isRefusal(uplift)) expect(leavesOutZero(uplift.interval)).toBe(test.p < 1 - level);
      }),
      { numRuns: 500 },
    );
  });

  it('find effects in outcomes far from zero, too', () => {
    fc.assert(
      fc.property(
        outcomes,
        outcomes,
        levels,
        fc.bigInt({ min: 10n ** 8n, max: 10n ** 12n }),
        (a, b, level, far) => {
          const plain = welch(sumUp(a), sumUp(b), level);
          fc.pre(!isRefusal(plain));
          const [control, treatment] = [sumUp(a.map((y) => y + far)), sumUp(b.map((y) => y + far))];
          const moved = must(welch(control, treatment, level));
          expect(moved).toEqual(plain);
          const uplift = fieller(control, treatment, level);
          fc.pre(!isRefusal(uplift));
          expect(leavesOutZero(uplift.interval)).toBe(moved.test.p < 1 - level);
        },
      ),
    );
  });

  it('swapping the arms mirrors the test', () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const there = welch(sumUp(a), sumUp(b), 0.95);
        const back = welch(sumUp(b), sumUp(a), 0.95);
        if (isRefusal(there) || isRefusal(back)) {
          expect(there).toEqual(back);
          return;
        }
        expect(there.test.statistic).toBe(0 - back.test.statistic);
        expect(there.test.p).toBeCloseTo(back.test.p, 12);
        expect(there.difference.interval.lower).toBeCloseTo(-back.difference.interval.upper, 6);
      }),
    );
  });

  it('do not care about the unit of money', () => {
    fc.assert(
      fc.property(outcomes, outcomes, fc.bigInt({ min: 2n, max: 10n ** 9n }), (a, b, unit) => {
        const plain = welch(sumUp(a), sumUp(b), 0.95);
        fc.pre(!isRefusal(plain));
        const scaled = must(welch(sumUp(a.map((y) => y * unit)), sumUp(b.map((y) => y * unit)), 0.95));
        expect(scaled.test.p / plain.test.p).toBeCloseTo(1, 9);
        expect(scaled.difference.se / plain.difference.se / Number(unit)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('refuse what has no answer', () => {
    const one = sumUp([5n]);
    const flat = sumUp([5n, 5n, 5n]);
    const some = sumUp([1n, 2n, 3n]);
    const none = sumUp([]);
    expect(codeOf(welch(one, some, 0.95))).toBe('too_few');
    expect(codeOf(welch(none, some, 0.95))).toBe('empty_arm');
    expect(codeOf(welch(flat, flat, 0.95))).toBe('no_variation');
    expect(codeOf(welch(flat, some, 0.95))).toBe('not refused');
    expect(codeOf(welch({ ...some, sumSquares: 1n }, some, 0.95))).toBe('invalid_input');
    expect(codeOf(welch(some, some, 1))).toBe('invalid_input');
    expect(codeOf(fieller(sumUp([-1n, 1n, 0n]), some, 0.95))).toBe('baseline_zero');
    expect(codeOf(meanInterval(flat, 0.95))).toBe('no_variation');
    expect(codeOf(meanInterval(one, 0.95))).toBe('too_few');
    expect(codeOf(welchAnova([flat, some]))).toBe('no_variation');
    expect(codeOf(anova([flat, flat]))).toBe('no_variation');
    expect(codeOf(anova([some]))).toBe('invalid_input');
  });
});

describe('analysis of variance', () => {
  it("for two arms is Welch's t test squared", () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const omnibus = welchAnova([sumUp(a), sumUp(b)]);
        fc.pre(!isRefusal(omnibus));
        const { test } = must(welch(sumUp(a), sumUp(b), 0.95));
        expect(omnibus.df[1]! / test.df[0]!).toBeCloseTo(1, 9);
        expect(Math.abs(omnibus.p - test.p)).toBeLessThan(1e-9);
      }),
    );
  });

  it('finds no difference between equal arms', () => {
    const arm = sumUp([1n, 2n, 4n]);
    expect(must(welchAnova([arm, arm, arm])).p).toBe(1);
    expect(must(anova([arm, arm, arm])).p).toBe(1);
  });
});

describe('skew guard', () => {
  const skewed = sums(9000n, 9000n, 1272147n, 22007356321n, 955023871081821n);
  const small = sums(1000n, 1000n, 180060n, 2419374276n, 41256392588382n);

  it('is silent for equal arms and warns for a small skewed one', () => {
    expect(must(skewDiagnosis(skewed, skewed)).imbalance).toBe(0);
    expect(skewGuard(skewed, skewed)).toBeUndefined();
    const { skewness, imbalance, recipientsForNormality } = must(skewDiagnosis(skewed, small));
    expect(skewness).toBeCloseTo(26.157444999, 9);
    expect(imbalance).toBeCloseTo(0.6975318666, 9);
    expect(recipientsForNormality).toBeCloseTo(242895.2347524, 6);
    expect(skewGuard(skewed, small)?.code).toBe('skewed_unequal');
  });

  it('is silent where there is no skewness to speak of', () => {
    expect(skewGuard(sumUp([]), small)).toBeUndefined();
    expect(skewGuard(sumUp([3n, 3n]), sumUp([3n]))).toBeUndefined();
    expect(codeOf(skewDiagnosis(sumUp([]), small))).toBe('empty_arm');
    expect(codeOf(skewDiagnosis(sumUp([3n, 3n]), sumUp([3n])))).toBe('no_variation');
    expect(codeOf(skewDiagnosis({ ...small, sumCubes: 10n ** 30n }, skewed))).toBe('invalid_input');
  });

  it('lets one outcome apart from the rest be as skewed as anything can be', () => {
    const n = 1000;
    const { skewness } = must(skewDiagnosis(sumUp([1n]), sumUp(Array<bigint>(n - 1).fill(0n))));
    expect(skewness).toBeCloseTo((n - 2) / Math.sqrt(n - 1), 9);
  });
});

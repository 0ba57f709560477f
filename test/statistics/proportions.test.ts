import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/statistics/count.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { isRefusal } from '../../src/statistics/result.js';
import { scoreDifference } from '../../src/statistics/proportions/score-difference.js';
import { scoreRatio } from '../../src/statistics/proportions/score-ratio.js';
import { waldDifference } from '../../src/statistics/proportions/wald-difference.js';
import { wilson } from '../../src/statistics/proportions/wilson.js';
import { codeOf, counts, leavesOutZero, levels, must } from './arbitrary.js';

function count(successes: number, n: number): Count {
  return { successes: BigInt(successes), n: BigInt(n) };
}

// Hillstrom's e-mail challenge (2008): visits and purchases within two weeks.
const visits = { none: count(2262, 21306), mens: count(3894, 21307), womens: count(3238, 21387) };
const purchases = { none: count(122, 21306), mens: count(267, 21307), womens: count(189, 21387) };

describe('Hillstrom', () => {
  it('visits over three arms', () => {
    const test = must(pearson([visits.none, visits.mens, visits.womens]));
    expect(test.statistic).toBeCloseTo(504.4607, 4);
    expect(test.df).toEqual([2]);
  });

  it('visits of two arms', () => {
    const test = must(pearson([visits.none, visits.mens]));
    expect(test.statistic).toBeCloseTo(505.622, 4);
    expect(test.p / 5.685e-112).toBeCloseTo(1, 3);
    expect(must(pearson([visits.none, visits.womens])).statistic).toBeCloseTo(194.5796, 4);
  });

  it('purchases', () => {
    expect(must(pearson(Object.values(purchases))).statistic).toBeCloseTo(55.258, 3);
    expect(must(pearson([purchases.none, purchases.womens])).p / 1.571e-4).toBeCloseTo(1, 3);
    expect(must(scoreRatio(purchases.none, purchases.mens, 0.95)).value).toBeCloseTo(1.1884, 4);
  });

  it('difference of visits with its Wald interval, as others published it', () => {
    const { value, interval } = must(waldDifference(visits.none, visits.mens, 0.95));
    expect(value).toBeCloseTo(0.07659, 5);
    expect(interval.lower).toBeCloseTo(0.069954, 6);
    expect(interval.upper).toBeCloseTo(0.083226, 6);
    const score = must(scoreDifference(visits.none, visits.mens, 0.95)).interval;
    expect(score.lower).toBeCloseTo(0.06995, 4);
    expect(score.upper).toBeCloseTo(0.08323, 4);
  });
});

describe('score intervals', () => {
  it("leave out no effect exactly when Pearson's test rejects", () => {
    fc.assert(
      fc.property(counts, counts, levels, (control, treatment, level) => {
        const test = pearson([control, treatment]);
        const rejects = !isRefusal(test) && test.p < 1 - level;
        const difference = must(scoreDifference(control, treatment, level));
        expect(leavesOutZero(difference.interval)).toBe(rejects);
        const ratio = scoreRatio(control, treatment, level);
        if (isRefusal(ratio)) expect(control.successes).toBe(0n);
        else expect(leavesOutZero(ratio.interval)).toBe(rejects);
      }),
      { numRuns: 2000 },
    );
  });

  it('agree with the test even where p is alpha to the last digit', () => {
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: -3, max: 3 }), (control, treatment, steps) => {
        const test = pearson([control, treatment]);
        fc.pre(!isRefusal(test) && test.p > 1e-6 && test.p < 0.9);
        const level = 1 - must(test).p + steps * 2 ** -53;
        const rejects = must(test).p < 1 - level;
        expect(leavesOutZero(must(scoreDifference(control, treatment, level)).interval)).toBe(rejects);
        const ratio = scoreRatio(control, treatment, level);
        if (!isRefusal(ratio)) expect(leavesOutZero(ratio.interval)).toBe(rejects);
      }),
      { numRuns: 500 },
    );
  });

  it('hold the estimate and stay in range', () => {
    fc.assert(
      fc.property(
        counts,
        counts,
        levels,
        fc.constantFrom('none', 'n-1'),
        (control, treatment, level, correction) => {
          const { value, interval } = must(scoreDifference(control, treatment, level, correction as 'none'));
          expect(-1 <= interval.lower && interval.lower <= value).toBe(true);
          expect(value <= interval.upper && interval.upper <= 1).toBe(true);
          const ratio = scoreRatio(control, treatment, level, correction);
          if (isRefusal(ratio)) return;
          expect(-1 <= ratio.interval.lower && ratio.interval.lower <= ratio.value).toBe(true);
          expect(ratio.value <= ratio.interval.upper && ratio.interval.upper < Infinity).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('swapping the arms mirrors the difference', () => {
    fc.assert(
      fc.property(counts, counts, levels, (a, b, level) => {
        const there = must(scoreDifference(a, b, level));
        const back = must(scoreDifference(b, a, level));
        expect(there.value).toBe(0 - back.value);
        expect(there.interval.lower).toBeCloseTo(-back.interval.upper, 12);
        expect(there.interval.upper).toBeCloseTo(-back.interval.lower, 12);
      }),
    );
  });

  it('swapping the arms inverts the ratio', () => {
    fc.assert(
      fc.property(counts, counts, levels, (a, b, level) => {
        fc.pre(a.successes > 0n && b.successes > 0n);
        const there = must(scoreRatio(a, b, level)).interval;
        const back = must(scoreRatio(b, a, level)).interval;
        // An uplift within 1e-9 of -1 has no digits left to invert.
        fc.pre(Math.min(there.lower, back.lower) > -1 + 1e-7);
        expect((1 + there.lower) * (1 + back.upper)).toBeCloseTo(1, 7);
        expect((1 + there.upper) * (1 + back.lower)).toBeCloseTo(1, 7);
      }),
    );
  });

  it('narrow with the square root of the size', () => {
    const small = must(scoreDifference(count(100, 1000), count(130, 1000), 0.95)).interval;
    const large = must(scoreDifference(count(1e10, 1e11), count(1.3e10, 1e11), 0.95)).interval;
    expect((small.upper - small.lower) / (large.upper - large.lower) / 1e4).toBeCloseTo(1, 2);
  });

  it('reproduce Newcombe (1998), table II, with the factor N / (N - 1)', () => {
    const of = (x1: number, n1: number, x2: number, n2: number) => {
      const { lower, upper } = must(scoreDifference(count(x2, n2), count(x1, n1), 0.95, 'n-1')).interval;
      return [lower.toFixed(4), upper.toFixed(4)];
    };
    expect(of(56, 70, 48, 80)).toEqual(['0.0528', '0.3382']);
    expect(of(9, 10, 3, 10)).toEqual(['0.1700', '0.8406']);
    expect(of(10, 10, 0, 20)).toEqual(['0.7156', '1.0000']);
    expect(of(0, 29, 5, 56)).toEqual(['-0.1933', '0.0326']);
  });
});

describe('pearson', () => {
  it('is the same for successes and failures, in any order, and scales with the size', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 2, maxLength: 6 }), (arms) => {
        const test = pearson(arms);
        fc.pre(!isRefusal(test));
        const failures = arms.map(({ successes, n }) => ({ successes: n - successes, n }));
        expect(must(pearson(failures)).statistic / test.statistic || 1).toBeCloseTo(1, 12);
        expect(must(pearson(arms.toReversed())).statistic / test.statistic || 1).toBeCloseTo(1, 12);
        const tenfold = arms.map(({ successes, n }) => ({ successes: 10n * successes, n: 10n * n }));
        expect(must(pearson(tenfold)).statistic / test.statistic || 10).toBeCloseTo(10, 10);
        expect(Math.abs(Math.exp(test.logP) - test.p)).toBeLessThanOrEqual(1e-12);
      }),
    );
  });

  it('warns of small expected counts', () => {
    expect(must(pearson([count(1, 100), count(2, 100)])).warnings.map((w) => w.code)).toEqual([
      'small_expected',
    ]);
    expect(must(pearson([count(5, 100), count(5, 100)])).warnings).toEqual([]);
  });

  it.each([
    ['nobody', [count(0, 10), count(0, 20)], 'no_variation'],
    ['everybody', [count(10, 10), count(20, 20)], 'no_variation'],
    ['an empty arm', [count(0, 0), count(3, 20)], 'empty_arm'],
    ['one arm', [count(3, 20)], 'invalid_input'],
    ['more successes than recipients', [count(21, 20), count(3, 20)], 'invalid_input'],
  ])('refuses %s', (_name, arms, code) => {
    expect(codeOf(pearson(arms))).toBe(code);
  });
});

describe('wilson', () => {
  it('holds the rate and touches the ends only for none or all', () => {
    fc.assert(
      fc.property(counts, levels, (arm, level) => {
        const { value, interval } = must(wilson(arm, level));
        expect(interval.lower <= value && value <= interval.upper).toBe(true);
        expect(interval.lower === 0).toBe(arm.successes === 0n);
        expect(interval.upper === 1).toBe(arm.successes === arm.n);
      }),
    );
  });

  it('mirrors for failures', () => {
    fc.assert(
      fc.property(counts, levels, (arm, level) => {
        const mirror = must(wilson({ successes: arm.n - arm.successes, n: arm.n }, level)).interval;
        expect(must(wilson(arm, level)).interval.lower).toBeCloseTo(1 - mirror.upper, 14);
      }),
    );
  });
});

it.each([0, 1, -0.5, 95, NaN])('no interval at level %s', (level) => {
  const [a, b] = [count(3, 20), count(4, 20)];
  const all = [
    scoreDifference(a, b, level),
    scoreRatio(a, b, level),
    waldDifference(a, b, level),
    wilson(a, level),
  ];
  expect(all.map(codeOf)).toEqual(Array(4).fill('invalid_input'));
});

it('no uplift over nobody', () => {
  expect(codeOf(scoreRatio(count(0, 20), count(4, 20), 0.95))).toBe('baseline_zero');
});

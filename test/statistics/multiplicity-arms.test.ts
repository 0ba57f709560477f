import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal } from '../../src/statistics/distributions/normal.js';
import { studentizedRange } from '../../src/statistics/distributions/studentized-range.js';
import { student } from '../../src/statistics/means/student.js';
import { welch } from '../../src/statistics/means/welch.js';
import { allPairsRates } from '../../src/statistics/multiplicity/all-pairs-rates.js';
import { bestMean } from '../../src/statistics/multiplicity/best-mean.js';
import { bestRate } from '../../src/statistics/multiplicity/best-rate.js';
import { dunnett, dunnettFromMoments } from '../../src/statistics/multiplicity/dunnett.js';
import { dunnettRates } from '../../src/statistics/multiplicity/dunnett-rates.js';
import { dunnettUnequal } from '../../src/statistics/multiplicity/dunnett-unequal.js';
import { gamesHowell } from '../../src/statistics/multiplicity/games-howell.js';
import { largest } from '../../src/statistics/multiplicity/largest.js';
import { tukey } from '../../src/statistics/multiplicity/tukey.js';
import { smoothedRateVariance } from '../../src/statistics/proportions/smoothed-rate.js';
import { isRefusal, type OrRefusal } from '../../src/statistics/result.js';
import { codeOf, counts, leavesOutZero, levels, must, outcomes, sumUp } from './arbitrary.js';

const means = fc.array(outcomes.map(sumUp), { minLength: 2, maxLength: 5 });
const rates = fc.array(counts, { minLength: 2, maxLength: 5 });
const runs = { numRuns: 15 };
/** Answers, and leaves refused data aside. */
const given = <T extends object>(answer: OrRefusal<T>, look: (value: T) => void) => {
  if (!isRefusal(answer)) look(answer);
};

describe("Dunnett's comparisons", () => {
  it('are those of his example of fabrics (1955, section 4)', () => {
    const arms = [
      { n: 3, mean: 50, variance: 19 },
      { n: 3, mean: 61, variance: 19 },
      { n: 3, mean: 52, variance: 19 },
      { n: 3, mean: 45, variance: 19 },
    ];
    const { comparisons } = must(dunnettFromMoments(arms, 0.95));
    expect(comparisons[0]!.critical).toBeCloseTo(2.88, 2);
    expect(comparisons.map(({ test }) => test.p < 0.05)).toEqual([true, false, false]);
    expect(comparisons[0]!.difference.interval.lower).toBeCloseTo(0.75, 1);
  });

  it('of unequal sizes are those of an independent quadrature (numpy, 300 x 300 nodes)', () => {
    const sizes = [10, 40, 90, 20];
    const [mean, variance] = [
      [5, 6.2, 5.9, 7],
      [2, 3, 2.5, 4],
    ];
    const arms = sizes.map((n, i) => ({ n, mean: mean[i]!, variance: variance[i]! }));
    const { comparisons } = must(dunnettFromMoments(arms, 0.95));
    expect(comparisons[0]!.critical).toBeCloseTo(2.2795557721478446, 9);
    [0.08698440651050349, 0.1993652451508888, 0.005392931961050827].forEach((p, i) =>
      expect(comparisons[i]!.test.p).toBeCloseTo(p, 10),
    );
  });

  it('of one treatment are the test of two arms', () => {
    fc.assert(
      fc.property(outcomes.map(sumUp), outcomes.map(sumUp), levels, (control, treatment, level) => {
        for (const [many, two] of [
          [dunnett, student],
          [dunnettUnequal, welch],
        ] as const) {
          const single = two(control, treatment, level);
          given(many([control, treatment], level), ({ comparisons: [only] }) => {
            expect(only!.test.logP).toBe(only!.unadjusted.logP);
            expect(only!.test.p).toBeCloseTo(must(single).test.p, 12);
            const { difference } = must(single);
            expect(only!.difference.interval.lower).toBeCloseTo(difference.interval.lower, 6);
          });
        }
      }),
      runs,
    );
  });

  it('from sums and from moments are the same', () => {
    const arms = [
      [3n, 5n, 4n, 8n],
      [6n, 9n, 5n],
      [2n, 2n, 7n, 1n, 4n],
    ].map(sumUp);
    const moments = [
      { n: 4, mean: 5, variance: 14 / 3 },
      { n: 3, mean: 20 / 3, variance: 13 / 3 },
      { n: 5, mean: 3.2, variance: 5.7 },
    ];
    const [a, b] = [must(dunnett(arms, 0.9)), must(dunnettFromMoments(moments, 0.9))];
    a.comparisons.forEach(({ test, difference }, i) => {
      expect(test.logP).toBeCloseTo(b.comparisons[i]!.test.logP, 12);
      expect(difference.interval.upper).toBeCloseTo(b.comparisons[i]!.difference.interval.upper, 12);
    });
  });

  it('leave out 0 exactly when the adjusted p rejects, and never say more than the test alone', () => {
    const look = (level: number) => (answer: Exclude<ReturnType<typeof dunnett>, { refused: true }>) =>
      answer.comparisons.forEach(({ difference, test, unadjusted }) => {
        expect(leavesOutZero(difference.interval)).toBe(test.p < 1 - level);
        expect(test.logP).toBeGreaterThanOrEqual(unadjusted.logP - 1e-9);
        expect(test.logP).toBeLessThanOrEqual(unadjusted.logP + Math.log(answer.comparisons.length) + 1e-9);
      });
    fc.assert(
      fc.property(means, rates, levels, (arms, counted, level) => {
        given(dunnett(arms, level), look(level));
        given(dunnettUnequal(arms, level), look(level));
        given(dunnettRates(counted, level), look(level));
      }),
      runs,
    );
  });

  it('change sign, and nothing else, when nobody becomes everybody', () => {
    const arms = [
      { successes: 30n, n: 400n },
      { successes: 55n, n: 380n },
      { successes: 0n, n: 20n },
    ];
    const mirrored = arms.map(({ successes, n }) => ({ successes: n - successes, n }));
    const [a, b] = [must(dunnettRates(arms, 0.95)), must(dunnettRates(mirrored, 0.95))];
    a.comparisons.forEach(({ test, difference }, i) => {
      expect(test.p).toBe(b.comparisons[i]!.test.p);
      expect(difference.interval.lower).toBe(-b.comparisons[i]!.difference.interval.upper);
    });
    expect(a.comparisons[0]!.test.warnings.map(({ code }) => code)).toEqual(['few_events']);
  });

  it('keep p apart from 0 where 1 - cdf is 0, and log p beyond 1e-300', () => {
    const arms = (shift: number) => [100, 100 + shift, 101].map((mean) => ({ n: 1e6, mean, variance: 1e4 }));
    const p = (shift: number) => must(dunnettFromMoments(arms(shift), 0.95)).comparisons[0]!.test;
    expect(p(1.4).logP).toBeCloseTo(
      must(dunnettFromMoments(arms(1.4), 0.95)).comparisons[0]!.unadjusted.logP + Math.LN2,
      6,
    );
    expect(p(10).p).toBe(0);
    expect(p(10).logP).toBeLessThan(-2000);
  });

  it('are found for 200 arms', () => {
    const arms = Array.from({ length: 201 }, (_, i) => ({
      successes: BigInt(20 + (i % 7)),
      n: BigInt(900 + i),
    }));
    const { comparisons } = must(dunnettRates(arms, 0.95));
    expect(comparisons).toHaveLength(200);
    expect(comparisons[0]!.critical).toBeGreaterThan(3.2);
    expect(comparisons[0]!.critical).toBeLessThan(normal.isf(0.025 / 200));
  });

  it('refuse what cannot be compared', () => {
    const arm = sumUp([1n, 2n, 3n]);
    const flat = sumUp([2n, 2n, 2n]);
    for (const method of [dunnett, dunnettUnequal, tukey, gamesHowell, bestMean]) {
      expect(codeOf(method([arm], 0.95))).toBe('invalid_input');
      expect(codeOf(method([], 0.95))).toBe('invalid_input');
      expect(codeOf(method([arm, arm], 1))).toBe('invalid_input');
      expect(codeOf(method([arm, arm], NaN))).toBe('invalid_input');
      expect(codeOf(method([arm, sumUp([])], 0.95))).toBe('empty_arm');
      expect(codeOf(method([arm, sumUp([1n])], 0.95))).toBe('too_few');
      expect(codeOf(method([flat, flat], 0.95))).toBe('no_variation');
      expect(codeOf(method([arm, { ...arm, sumSquares: 1n }], 0.95))).toBe('invalid_input');
      expect(codeOf(method([arm, flat], 0.95))).toBe('not refused');
    }
    const none = { successes: 0n, n: 10n };
    const all = { successes: 10n, n: 10n };
    for (const method of [dunnettRates, allPairsRates, bestRate]) {
      expect(codeOf(method([none], 0.95))).toBe('invalid_input');
      expect(codeOf(method([none, none], 0.95))).toBe('no_variation');
      expect(codeOf(method([none, { successes: 11n, n: 10n }], 0.95))).toBe('invalid_input');
      expect(codeOf(method([none, { successes: 0n, n: 0n }], 0.95))).toBe('empty_arm');
      expect(codeOf(method([none, all], 0))).toBe('invalid_input');
      expect(codeOf(method([none, all], 0.95))).toBe('not refused');
    }
    const moments = { n: 5, mean: 1, variance: 2 };
    for (const [bad, code] of [
      [{ n: 1 }, 'too_few'],
      [{ n: 0 }, 'empty_arm'],
      [{ n: 2.5 }, 'invalid_input'],
      [{ n: NaN }, 'invalid_input'],
      [{ mean: Infinity }, 'invalid_input'],
      [{ variance: -1 }, 'invalid_input'],
      [{ variance: NaN }, 'invalid_input'],
    ] as const)
      expect(codeOf(dunnettFromMoments([moments, { ...moments, ...bad }], 0.95))).toBe(code);
  });
});

describe('all pairs', () => {
  it("are R's TukeyHSD of PlantGrowth", () => {
    const grams = {
      ctrl: [417, 558, 518, 611, 450, 461, 517, 453, 533, 514],
      trt1: [481, 417, 441, 359, 587, 383, 603, 489, 432, 469],
      trt2: [631, 512, 554, 550, 537, 529, 492, 615, 580, 526],
    };
    const { pairs } = must(
      tukey(
        Object.values(grams).map((group) => sumUp(group.map(BigInt))),
        0.95,
      ),
    );
    // TukeyHSD(aov(weight ~ group, PlantGrowth)), weights times 100
    [0.3908711, 0.197996, 0.0120064].forEach((p, i) => expect(pairs[i]!.test.p).toBeCloseTo(p, 6));
    expect(pairs[2]!.difference.interval.lower).toBeCloseTo(17.37839, 3);
    expect(pairs[2]!.difference.interval.upper).toBeCloseTo(155.62161, 3);
  });

  it('leave out 0 exactly when the adjusted p rejects; of two arms they are the plain test', () => {
    fc.assert(
      fc.property(fc.array(outcomes.map(sumUp), { minLength: 2, maxLength: 4 }), levels, (arms, level) => {
        for (const method of [tukey, gamesHowell])
          given(method(arms, level), ({ pairs }) => {
            expect(pairs).toHaveLength((arms.length * (arms.length - 1)) / 2);
            for (const { difference, test, unadjusted } of pairs) {
              expect(leavesOutZero(difference.interval)).toBe(test.p < 1 - level);
              expect(test.logP).toBeGreaterThanOrEqual(unadjusted.logP - 1e-9);
              if (arms.length === 2) expect(test.logP).toBeCloseTo(unadjusted.logP, 8);
            }
          });
      }),
      { numRuns: 15 },
    );
  });

  it('of rates are judged by the range of normal values, and stay within [-1, 1]', () => {
    const arms = [0n, 9n, 4n].map((successes) => ({ successes, n: 9n }));
    const { pairs } = must(allPairsRates(arms, 0.99));
    expect(pairs[0]!.test.p).toBe(studentizedRange.sf(Math.SQRT2 * pairs[0]!.test.statistic, 3, Infinity));
    expect(pairs[0]!.difference.interval.upper).toBe(1);
    expect(pairs.map(({ control, treatment }) => [control, treatment])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
  });

  it('of more than 50 arms are refused', () => {
    const arms = Array.from({ length: 51 }, () => ({ successes: 3n, n: 9n }));
    expect(codeOf(allPairsRates(arms, 0.95))).toBe('too_many');
    expect(codeOf(bestRate(arms, 0.95))).toBe('too_many');
  });
});

describe('comparisons with the best', () => {
  it('of equal sizes are differences plus and minus one half width, cut at 0', () => {
    const arms = [80n, 120n, 110n].map((successes) => ({ successes, n: 1000n }));
    const answer = must(bestRate(arms, 0.95)).arms;
    expect(answer.map(({ mayBeBest }) => mayBeBest)).toEqual([false, true, true]);
    expect(answer.map(({ value }) => value)).toEqual([-0.04, 0.01, -0.01]);
    expect(answer[0]!.interval.upper).toBe(0);
    // Two comparisons with correlation close to 1/2: d = 1.92 (Dunnett 1955, table 1a, df = Infinity, p = 2)
    const half = (answer[1]!.interval.upper - 0.01) / Math.sqrt((0.12 * 0.88 + 0.11 * 0.89) / 1000);
    expect(half).toBeCloseTo(1.92, 1);
  });

  it('of unequal sizes take the lower end from the critical value of the arm that is held against', () => {
    const arms = [100n, 1000n, 30000n].map((n) => ({ successes: n / 10n, n }));
    const answer = must(bestRate(arms, 0.95)).arms;
    const variances = arms.map(smoothedRateVariance);
    const ends = arms.map((_, i) => {
      const others = [0, 1, 2].filter((j) => j !== i);
      const half = others.map((j) => {
        const loadings = [0, 1, 2]
          .filter((l) => l !== j)
          .map((l) => Math.sqrt(variances[j]! / (variances[j]! + variances[l]!)));
        return largest(loadings, 'upper').isf(0.05, Infinity) * Math.sqrt(variances[i]! + variances[j]!);
      });
      return -Math.max(...half);
    });
    ends.forEach((end, i) => expect(answer[i]!.interval.lower).toBeCloseTo(end, 12));
  });

  it('hold 0 in every interval, exclude an arm exactly when its p rejects, and never the largest', () => {
    fc.assert(
      fc.property(rates, means, fc.constantFrom(0.8, 0.95, 0.999), (counted, arms, level) => {
        for (const answer of [bestRate(counted, level), bestMean(arms, level)])
          given(answer, ({ arms: all }) => {
            const top = Math.max(...all.map(({ value }) => value));
            for (const { value, interval, mayBeBest, p } of all) {
              expect(interval.lower <= 0 && interval.upper >= 0).toBe(true);
              expect(mayBeBest).toBe(interval.upper > 0);
              expect(mayBeBest).toBe(!(p < 1 - level));
              expect((interval.lower <= value + 1e-12 && value <= interval.upper + 1e-12) || !mayBeBest).toBe(
                true,
              );
              if (value === top) expect(mayBeBest).toBe(true);
            }
            if (all.filter(({ mayBeBest }) => mayBeBest).length === 1)
              expect(all.find(({ mayBeBest }) => mayBeBest)!.interval.lower).toBe(0);
          });
      }),
      runs,
    );
  });
});

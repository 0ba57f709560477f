import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betweenVariance } from '../../src/statistics/cohorts/between-variance.js';
import { heterogeneity } from '../../src/statistics/cohorts/heterogeneity.js';
import type { CohortEffect } from '../../src/statistics/cohorts/pool.js';
import { predictionInterval } from '../../src/statistics/cohorts/prediction-interval.js';
import { effectTrend } from '../../src/statistics/cohorts/trend.js';
import { overlappingCohorts, versusRest } from '../../src/statistics/cohorts/versus-rest.js';
import { codeOf, leavesOutZero, levels, must } from './arbitrary.js';

const effect = fc.record({
  value: fc.double({ min: -10, max: 10, noNaN: true }),
  se: fc.double({ min: 0.01, max: 5, noNaN: true }),
});
const effects = fc.array(effect, { minLength: 2, maxLength: 12 });

/** Log risk ratios of the 13 trials of the BCG vaccine (Colditz et al. 1994): cases and others, vaccinated and not. */
const bcg = [
  [4, 119, 11, 128],
  [6, 300, 29, 274],
  [3, 228, 11, 209],
  [62, 13536, 248, 12619],
  [33, 5036, 47, 5761],
  [180, 1361, 372, 1079],
  [8, 2537, 10, 619],
  [505, 87886, 499, 87892],
  [29, 7470, 45, 7232],
  [17, 1699, 65, 1600],
  [186, 50448, 141, 27197],
  [5, 2493, 3, 2338],
  [27, 16886, 29, 17825],
].map(([a = 0, b = 0, c = 0, d = 0]): CohortEffect => ({
  value: Math.log(a / (a + b) / (c / (c + d))),
  se: Math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)),
}));

describe('heterogeneity', () => {
  it('of the BCG trials is that of Viechtbauer (2010)', () => {
    const { test, iSquared, tauSquared, tooFew } = must(heterogeneity(bcg));
    const between = must(betweenVariance(bcg));
    expect(test.statistic).toBeCloseTo(152.233, 3);
    expect(iSquared).toBeCloseTo(0.9212, 4);
    expect(between.derSimonianLaird).toBeCloseTo(0.3088, 4);
    expect(between.restrictedLikelihood).toBeCloseTo(0.3132, 4);
    expect(tauSquared).toBeCloseTo(0.3181, 4);
    expect(tooFew).toBe(false);
    expect(must(heterogeneity(bcg.slice(0, 4))).tooFew).toBe(true);
  });

  it('has a restricted likelihood that is highest at its tau²', () => {
    const logLikelihood = (all: readonly CohortEffect[], tauSquared: number) => {
      const w = all.map(({ se }) => 1 / (se * se + tauSquared));
      const total = w.reduce((sum, x) => sum + x, 0);
      const mean = all.reduce((sum, { value }, i) => sum + (value * w[i]!) / total, 0);
      const distance = all.reduce((sum, { value }, i) => sum + w[i]! * (value - mean) ** 2, 0);
      return (w.reduce((sum, x) => sum + Math.log(x), 0) - Math.log(total) - distance) / 2;
    };
    fc.assert(
      fc.property(effects, (all) => {
        const best = must(betweenVariance(all)).restrictedLikelihood;
        const at = logLikelihood(all, best);
        for (const factor of [0.98, 1.02]) {
          expect(logLikelihood(all, best * factor)).toBeLessThanOrEqual(at + 1e-9 * Math.abs(at) + 1e-12);
        }
        if (best === 0) expect(logLikelihood(all, 1e-6)).toBeLessThanOrEqual(at + 1e-9 * Math.abs(at));
      }),
    );
  });

  it('scales with the unit of the effects', () => {
    fc.assert(
      fc.property(effects, fc.constantFrom(1e-60, 1e-3, 1e3, 1e60), (all, unit) => {
        const one = must(betweenVariance(all));
        const other = must(betweenVariance(all.map(({ value, se }) => ({ value: value * unit, se: se * unit }))));
        const close = (a: number, b: number) => expect(Math.abs(a / unit ** 2 - b)).toBeLessThan(1e-9 * (1 + b));
        close(other.derSimonianLaird, one.derSimonianLaird);
        close(other.restrictedLikelihood, one.restrictedLikelihood);
        close(other.pauleMandel, one.pauleMandel);
      }),
    );
  }); // prettier-ignore

  it('refuses what squares out of range', () => {
    const good = { value: 1, se: 1 };
    for (const bad of [{ value: 1, se: 1e-200 }, { value: 1, se: 1e200 }, { value: 1e200, se: 1 }, { value: NaN, se: 1 }, { value: 1, se: 0 }]) {
      expect(codeOf(heterogeneity([good, bad]))).toBe('invalid_input');
      expect(codeOf(betweenVariance([good, bad]))).toBe('invalid_input');
      expect(codeOf(versusRest([good, bad], 0.95))).toBe('invalid_input');
    }
  }); // prettier-ignore
});

describe('the prediction interval', () => {
  it('is wider than the interval of the mean, and is a t interval with k - 2 degrees of freedom', () => {
    const { value, se, interval } = must(predictionInterval(bcg, 0.95));
    const { random, tauSquared } = must(heterogeneity(bcg));
    expect(value).toBe(random.value);
    expect(se).toBeCloseTo(Math.sqrt(tauSquared + random.se ** 2), 14);
    expect((interval.upper - value) / se!).toBeCloseTo(2.200985160082949, 10); // R: qt(0.975, 11)
  });

  it('refuses two cohorts and a bad level', () => {
    expect(codeOf(predictionInterval(bcg.slice(0, 2), 0.95))).toBe('too_few');
    expect(codeOf(predictionInterval(bcg, 1))).toBe('invalid_input');
  });
});

describe('each cohort against the rest', () => {
  it('is the test of heterogeneity where there are two', () => {
    fc.assert(
      fc.property(effect, effect, (one, other) => {
        const { cohorts } = must(versusRest([one, other], 0.95));
        const q = must(heterogeneity([one, other])).test;
        const squared = cohorts[0]!.test.statistic ** 2;
        expect(Math.abs(squared - q.statistic)).toBeLessThan(1e-9 * (1 + q.statistic));
        expect(cohorts[0]!.difference.value + cohorts[1]!.difference.value).toBe(0);
      }),
    );
  });

  it('leaves out no difference exactly when the unadjusted test rejects, and adjusts upwards', () => {
    fc.assert(
      fc.property(effects, levels, (all, level) => {
        const { cohorts, discovery, holm } = must(versusRest(all, level));
        cohorts.forEach(({ difference, test }, i) => {
          expect(leavesOutZero(difference.interval)).toBe(test.p < 1 - level);
          expect(discovery[i]).toBeGreaterThanOrEqual(test.p * (1 - 1e-12));
          expect(holm[i]).toBeGreaterThanOrEqual(discovery[i]! * (1 - 1e-12));
        });
      }),
    );
  });

  it('asks more of overlapping cohorts: 1 + 1/2 + ... + 1/m times as much', () => {
    const inside = [0.05, 0.01, -0.02].map((value) => ({ value, se: 0.01 }));
    const outside = { value: 0, se: 0.005 };
    const { discovery, cohorts } = must(overlappingCohorts(inside.map((one) => ({ inside: one, outside })), 0.95)); // prettier-ignore
    expect(discovery[0]! / cohorts[0]!.test.p).toBeCloseTo(3 * (1 + 1 / 2 + 1 / 3), 9);
    expect(codeOf(overlappingCohorts([], 0.95))).toBe('too_few');
    expect(codeOf(versusRest(bcg.slice(0, 1), 0.95))).toBe('too_few');
    expect(codeOf(versusRest(bcg, 0))).toBe('invalid_input');
  });
});

describe('the trend of an effect', () => {
  const sends = [0.05, 0.042, 0.031, 0.035, 0.02, 0.022, 0.014].map((value, index) => ({
    index,
    value,
    se: [0.01, 0.012, 0.011, 0.01, 0.013, 0.01, 0.012][index]!,
  }));

  it("is R's weighted line, and its late end is what comes next", () => {
    const { slope, intercept, test, late } = must(effectTrend(sends, 0.95));
    expect(slope.value).toBeCloseTo(-0.00563753901420743, 15);
    expect(slope.se).toBeCloseTo(0.0020674367772275, 15);
    expect(intercept.value).toBeCloseTo(0.04796058889113582, 14);
    expect(intercept.se).toBeCloseTo(0.00730342555052303, 14);
    expect([late.value, late.se]).toEqual([expect.closeTo(0.01413535480589125, 14), expect.closeTo(0.00762313388444442, 14)]);
    expect(test.warnings.map(({ code }) => code)).toEqual(['changing_effect']);
  }); // prettier-ignore

  it('compares the halves, the middle one in the second, whatever the order', () => {
    const { halves } = must(effectTrend(sends, 0.95));
    const { halves: shuffled } = must(effectTrend(sends.toReversed(), 0.95));
    expect(shuffled.difference.value).toBeCloseTo(halves.difference.value, 14);
    const early = must(heterogeneity(sends.slice(0, 3))).fixed;
    expect(halves.first).toEqual(early);
    expect(halves.difference.value).toBeCloseTo(halves.second.value - early.value, 15);
  });

  it('does not move with the origin of the index, and leaves out 0 exactly when it rejects', () => {
    fc.assert(
      fc.property(effects, levels, fc.integer({ min: -1000, max: 1000 }), (all, level, by) => {
        const one = must(effectTrend(all.map((each, index) => ({ ...each, index })), level));
        const moved = must(effectTrend(all.map((each, index) => ({ ...each, index: index + by })), level));
        expect(moved.test.p).toBeCloseTo(one.test.p, 8);
        expect(moved.late.value).toBeCloseTo(one.late.value, 8);
        expect(leavesOutZero(one.slope.interval)).toBe(one.test.p < 1 - level);
        expect(leavesOutZero(one.halves.difference.interval)).toBe(one.halves.test.p < 1 - level);
      }),
    );
  }); // prettier-ignore

  it('refuses one send, one day and days that are no numbers', () => {
    expect(codeOf(effectTrend(sends.slice(0, 1), 0.95))).toBe('too_few');
    expect(codeOf(effectTrend(sends.map((send) => ({ ...send, index: 3 })), 0.95))).toBe('no_variation');
    expect(codeOf(effectTrend([...sends, { ...sends[0]!, index: NaN }], 0.95))).toBe('invalid_input');
    expect(codeOf(effectTrend(sends, 1))).toBe('invalid_input');
  }); // prettier-ignore
});

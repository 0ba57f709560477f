import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { powerAnova, sampleSizeAnova } from '../../src/statistics/power/power-anova.js';
import {
  powerChiSquared,
  powerManyRates,
  sampleSizeChiSquared,
} from '../../src/statistics/power/power-chi-squared.js';
import { detectableEffect, powerEffect, sampleSizeEffect } from '../../src/statistics/power/power-effect.js';
import { planFactorial } from '../../src/statistics/power/power-factorial.js';
import { detectableDifference, powerMeans, sampleSizeMeans } from '../../src/statistics/power/power-means.js';
import { detectableRate, powerProportions } from '../../src/statistics/power/power-proportions.js';
import { sampleSizeProportions } from '../../src/statistics/power/sample-size.js';
import { codeOf, must } from './arbitrary.js';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const powers = fc.constantFrom(0.6, 0.8, 0.95);
const ratios = fc.constantFrom(0.1, 0.5, 1, 3);
const closeTo = (value: number, expected: number, relative: number) =>
  expect(Math.abs(value / expected - 1)).toBeLessThan(relative);

describe('plans for two rates', () => {
  it('agree with power.prop.test of R', () => {
    const equal = must(sampleSizeProportions({ baseline: 0.1, treatment: 0.12, alpha: 0.05, power: 0.9 }));
    expect(equal.control).toBeCloseTo(5141.306183, 5);
    expect(equal.treatment).toBe(equal.control);
    // Fleiss (1981), with 50 digits.
    const uneven = { baseline: 0.1, treatment: 0.12, ratio: 0.25, alpha: 0.05, power: 0.8 };
    expect(must(sampleSizeProportions(uneven)).control).toBeCloseTo(9411.804157185923, 8);
    const design = { baseline: 0.2, treatment: 0.21, n: 25000, alpha: 0.05 };
    expect(must(powerProportions(design)).power).toBeCloseTo(0.790901831, 8);
    const found = must(detectableRate({ baseline: 0.03, n: 100000, power: 0.8, alpha: 0.05 }));
    expect(found.rate).toBeCloseTo(0.03217445085851, 12);
    expect(found.uplift).toBeCloseTo(0.07248169528, 9);
  });

  it('count the wrong side too if asked, as R does with strict', () => {
    const design = { baseline: 0.5, treatment: 0.75, n: 50, alpha: 0.05, strict: true };
    expect(must(powerProportions(design)).power).toBeCloseTo(0.740167193453611, 13);
    const none = must(powerProportions({ ...design, treatment: 0.5 }));
    expect(none.power).toBeCloseTo(0.05, 13);
    const small = { baseline: 0.3, treatment: 0.35, alpha: 0.2, power: 0.25 };
    const plain = must(sampleSizeProportions(small)).control;
    const strict = must(sampleSizeProportions({ ...small, strict: true })).control;
    expect(strict).toBeLessThan(plain);
    expect(must(powerProportions({ ...small, n: strict, strict: true })).power).toBeCloseTo(0.25, 12);
  });

  it('size, power and detectable rate undo one another', () => {
    fc.assert(
      fc.property(between(0.001, 0.9), between(0.9, 1.1), powers, ratios, (baseline, lift, power, ratio) => {
        const treatment = baseline * lift;
        fc.pre(Math.abs(lift - 1) > 0.01 && treatment < 0.99);
        const plan = { baseline, treatment, alpha: 0.05, power, ratio };
        const { control: n } = must(sampleSizeProportions(plan));
        fc.pre(n * Math.min(1, ratio) >= 1);
        expect(must(powerProportions({ ...plan, n })).power).toBeCloseTo(power, 8);
        const direction = lift > 1 ? 'increase' : 'decrease';
        closeTo(must(detectableRate({ ...plan, n, direction })).rate, treatment, 1e-8);
      }),
    );
  });

  it('heed a critical value and a factor for several looks', () => {
    const plan = { baseline: 0.05, treatment: 0.06, alpha: 0.05, power: 0.8 };
    const plain = must(sampleSizeProportions(plan));
    const dunnett = must(sampleSizeProportions({ ...plan, critical: 2.349 }));
    expect(dunnett.control).toBeGreaterThan(1.2 * plain.control);
    expect(must(sampleSizeProportions({ ...plan, inflation: 1.025 })).control).toBe(plain.control * 1.025);
    const found = must(detectableRate({ ...plan, n: plain.control * 1.025, inflation: 1.025 }));
    closeTo(found.rate, 0.06, 1e-9);
  });

  it('refuse what cannot be planned', () => {
    const plan = { baseline: 0.1, treatment: 0.12, alpha: 0.05, power: 0.8 };
    expect(codeOf(sampleSizeProportions({ ...plan, baseline: 0 }))).toBe('baseline_zero');
    expect(codeOf(powerProportions({ ...plan, n: 10, baseline: 0 }))).toBe('baseline_zero');
    expect(codeOf(detectableRate({ ...plan, n: 10, baseline: 0 }))).toBe('baseline_zero');
    const wrong = [
      { treatment: 0.1 },
      { treatment: 1.2 },
      { power: 1 },
      { power: 0.02 },
      { alpha: 0 },
      { ratio: 0 },
      { inflation: 0.5 },
      { critical: -1 },
      { effectFrom: 'observed' as const },
      { treatment: 0.1 + 1e-12 },
    ];
    for (const change of wrong) {
      expect(codeOf(sampleSizeProportions({ ...plan, ...change })), JSON.stringify(change)).toBe(
        'invalid_input',
      );
    }
    expect(codeOf(powerProportions({ ...plan, n: 0 }))).toBe('invalid_input');
    expect(codeOf(detectableRate({ baseline: 0.5, n: 3, alpha: 0.05, power: 0.8 }))).toBe('too_few');
  });
});

describe('plans for two means', () => {
  it('agree with power.t.test of R', () => {
    const plan = { difference: 1, sd: 1, alpha: 0.05 };
    expect(must(powerMeans({ ...plan, n: 20 })).power).toBeCloseTo(0.868952801692127, 12);
    expect(must(powerMeans({ ...plan, difference: 2, n: 5, strict: true })).power).toBeCloseTo(
      0.7905423779725713,
      12,
    );
    expect(must(sampleSizeMeans({ ...plan, power: 0.9 })).control).toBeCloseTo(22.021095570096925, 9);
  });

  it('size, power and detectable difference undo one another', () => {
    fc.assert(
      fc.property(between(0.01, 1.5), between(0.1, 50), powers, ratios, (size, sd, power, ratio) => {
        const plan = { difference: size * sd, sd, alpha: 0.05, power, ratio };
        const { control: n } = must(sampleSizeMeans(plan));
        fc.pre(n > 2 * Math.max(1, 1 / ratio));
        expect(must(powerMeans({ ...plan, n })).power).toBeCloseTo(power, 9);
        closeTo(must(detectableDifference({ ...plan, n })).difference, plan.difference, 1e-8);
      }),
      { numRuns: 40 },
    );
  });

  it('ask for two recipients per arm at least, and for none that do not exist', () => {
    const huge = must(sampleSizeMeans({ difference: 1000, sd: 1, alpha: 0.05, power: 0.8, ratio: 0.5 }));
    expect(huge).toEqual({ control: 4, treatment: 2 });
    expect(codeOf(sampleSizeMeans({ difference: 1e-9, sd: 1, alpha: 0.05, power: 0.8 }))).toBe(
      'invalid_input',
    );
    expect(codeOf(sampleSizeMeans({ difference: 0, sd: 1, alpha: 0.05, power: 0.8 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeMeans({ difference: 1, sd: 0, alpha: 0.05, power: 0.8 }))).toBe('invalid_input');
    expect(codeOf(powerMeans({ difference: 1, sd: 1, alpha: 0.05, n: 1 }))).toBe('invalid_input');
  });
});

describe('plans for effects of known variance', () => {
  it('agree with the plan for means where there are many recipients', () => {
    const size = must(
      sampleSizeEffect({ controlVariance: 4, treatmentVariance: 4, effect: 0.02, alpha: 0.05, power: 0.8 }),
    );
    const means = must(sampleSizeMeans({ sd: 2, difference: 0.02, alpha: 0.05, power: 0.8 }));
    expect(means.control - size.control).toBeGreaterThan(0);
    expect(means.control - size.control).toBeLessThan(1);
  });

  it('size, power and detectable effect undo one another, adjustment included', () => {
    fc.assert(
      fc.property(
        between(0.1, 9),
        between(0.1, 9),
        between(-0.9, 0.9),
        powers,
        ratios,
        (v, w, correlation, power, ratio) => {
          const variance = { controlVariance: v, treatmentVariance: w, correlation };
          const plan = { ...variance, effect: 0.01, alpha: 0.05, power, ratio };
          const { control, treatment } = must(sampleSizeEffect(plan));
          const sizes = { controlN: control, treatmentN: treatment };
          expect(must(powerEffect({ ...plan, ...sizes })).power).toBeCloseTo(power, 10);
          closeTo(must(detectableEffect({ ...plan, ...sizes })).adjusted, 0.01, 1e-10);
        },
      ),
    );
  });

  it('ask more of a sequence than of a single look', () => {
    const plan = {
      controlVariance: 25,
      treatmentVariance: 27,
      controlN: 50000,
      treatmentN: 50000,
      alpha: 0.05,
      power: 0.8,
    };
    const found = must(detectableEffect({ ...plan, correlation: 0.6 }));
    expect(found.effect).toBeCloseTo(0.09034840852899985, 14);
    expect(found.adjusted).toBeCloseTo(0.07227872682319988, 14);
    expect(found.sequential).toBeCloseTo(0.1250240180474887, 14);
    expect(must(detectableEffect({ ...plan, sequenceN: 5000 })).sequential).toBeGreaterThan(found.sequential);
  });

  it('refuse what cannot be planned', () => {
    const plan = { controlVariance: 1, treatmentVariance: 1, effect: 0.1, alpha: 0.05, power: 0.8 };
    for (const change of [
      { controlVariance: 0 },
      { treatmentVariance: NaN },
      { correlation: 1 },
      { effect: 0 },
    ]) {
      expect(codeOf(sampleSizeEffect({ ...plan, ...change }))).toBe('invalid_input');
    }
    expect(codeOf(powerEffect({ ...plan, controlN: 0, treatmentN: 5 }))).toBe('invalid_input');
    expect(codeOf(powerEffect({ ...plan, controlN: 50, treatmentN: 50, effectFrom: 'observed' }))).toBe(
      'invalid_input',
    );
  });
});

describe('plans for several arms and factors', () => {
  it('need four times the recipients for an interaction, sixteen for one half as large', () => {
    const plan = { variance: 0.09, effect: 0.005, alpha: 0.05, power: 0.8, total: 100000, factors: 3 };
    const { main, interactions } = must(planFactorial(plan));
    expect(main.total).toBeCloseTo(113023.86817462688, 6);
    closeTo(interactions[0]!.total, 4 * main.total, 1e-14);
    closeTo(must(planFactorial({ ...plan, effect: 0.0025 })).interactions[0]!.total, 16 * main.total, 1e-14);
    expect(interactions).toHaveLength(2);
    expect(codeOf(planFactorial({ ...plan, factors: 1.5 }))).toBe('invalid_input');
    expect(codeOf(planFactorial({ ...plan, variance: 0 }))).toBe('invalid_input');
  });

  it('agree with power.anova.test of R, and with the t test for two arms', () => {
    const plan = { groups: 4, betweenVariance: 1, withinVariance: 3, alpha: 0.05 };
    expect(must(powerAnova({ ...plan, n: 20 })).power).toBeCloseTo(0.9679022118406082, 12);
    expect(must(sampleSizeAnova({ ...plan, power: 0.9679022118406082 })).n).toBeCloseTo(20, 9);
    const two = must(powerAnova({ groups: 2, betweenVariance: 0.5, withinVariance: 4, alpha: 0.05, n: 30 }));
    const t = must(powerMeans({ difference: 1, sd: 2, alpha: 0.05, n: 30, strict: true }));
    expect(two.power).toBeCloseTo(t.power, 12);
    expect(codeOf(powerAnova({ ...plan, n: 20, groups: 1 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeAnova({ ...plan, power: 0.05 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeAnova({ ...plan, power: 0.8, betweenVariance: 0 }))).toBe('invalid_input');
  });

  it('find wrong shares and unequal rates', () => {
    const shares = { planned: [0.5, 0.5], actual: [0.51, 0.49], alpha: 0.001 };
    const found = must(powerChiSquared({ ...shares, n: 20000 }));
    expect(found.power).toBeCloseTo(0.3220049465674962, 12);
    expect(found.effectSize).toBeCloseTo(0.0004, 15);
    closeTo(must(sampleSizeChiSquared({ ...shares, power: found.power })).n, 20000, 1e-9);
    expect(must(powerChiSquared({ ...shares, actual: [0.5, 0.5], n: 20000 })).power).toBeCloseTo(0.001, 12);
    // Two rates: noncentral chi-squared with one degree of freedom is a z test on both sides with pooled variance.
    const rates = must(powerManyRates({ rates: [0.1, 0.11], n: 20000, alpha: 0.05 }));
    expect(rates.effectSize).toBeCloseTo(0.005 ** 2 / (0.105 * 0.895), 12);
    expect(codeOf(powerChiSquared({ planned: [1], actual: [1], alpha: 0.05, n: 10 }))).toBe('too_few');
    expect(codeOf(powerChiSquared({ ...shares, planned: [0.5, 0.6], n: 10 }))).toBe('invalid_input');
    expect(codeOf(powerChiSquared({ ...shares, planned: [0, 1], n: 10 }))).toBe('invalid_input');
    expect(codeOf(powerManyRates({ rates: [0.1, 0], n: 100, alpha: 0.05 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeChiSquared({ ...shares, actual: [0.5, 0.5], power: 0.8 }))).toBe('invalid_input');
  });
});

import { describe, expect, it } from 'vitest';
import { duration } from '../../src/statistics/power/duration.js';
import { listLimit, smallestCohort } from '../../src/statistics/power/list-limits.js';
import { sampleSizeMachineOpens } from '../../src/statistics/power/machine-opens.js';
import { sampleSizeManyTreatments } from '../../src/statistics/power/many-treatments.js';
import { sampleSizeNonInferiority } from '../../src/statistics/power/non-inferiority.js';
import { sampleSizeProportions } from '../../src/statistics/power/sample-size.js';
import { codeOf, must } from './arbitrary.js';

describe('plans of guardrails', () => {
  const plan = { baseline: 0.002, margin: 0.0005, better: 'lower' as const, alpha: 0.05, power: 0.8 };

  it('agree with Farrington and Manning', () => {
    // Their closed form, evaluated with 30 digits.
    const other = {
      baseline: 0.3,
      treatment: 0.29,
      margin: 0.1,
      better: 'higher' as const,
      alpha: 0.05,
      power: 0.8,
    };
    const sizes = must(sampleSizeNonInferiority({ ...other, ratio: 2 }));
    expect(sizes.treatment).toBe(2 * sizes.control);
    expect(sizes.control).toBeCloseTo(246.615056304705, 10);
  });

  it('need more recipients the narrower the margin, and mirror when success is failure', () => {
    const sizes = must(sampleSizeNonInferiority(plan));
    expect(
      must(sampleSizeNonInferiority({ ...plan, margin: 0.00025 })).control / sizes.control,
    ).toBeGreaterThan(3);
    const mirrored = must(sampleSizeNonInferiority({ ...plan, baseline: 0.998, better: 'higher' }));
    expect(mirrored.control / sizes.control).toBeCloseTo(1, 9);
  });

  it('refuse a treatment that is as bad as the margin', () => {
    expect(codeOf(sampleSizeNonInferiority({ ...plan, treatment: 0.0025 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeNonInferiority({ ...plan, margin: 0 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeNonInferiority({ ...plan, alpha: 0.6 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeNonInferiority({ ...plan, baseline: 0 }))).toBe('baseline_zero');
  });
});

describe('plans of open rates', () => {
  it('need 3, 5.8 and 8.1 times the recipients behind machines', () => {
    const plan = { baseline: 0.2, treatment: 0.22, alpha: 0.05, power: 0.8 };
    const at = (machineShare: number) => must(sampleSizeMachineOpens({ ...plan, machineShare }));
    expect([0.3, 0.5, 0.6].map((m) => Math.round(10 * at(m).factor) / 10)).toEqual([3, 5.8, 8.1]);
    expect([0.3, 0.5, 0.6].map((m) => Math.round(1000 * at(m).seen.uplift) / 10)).toEqual([3.2, 1.7, 1.2]);
    expect(at(0).factor).toBe(1);
    expect(codeOf(sampleSizeMachineOpens({ ...plan, machineShare: 1 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeMachineOpens({ ...plan, machineShare: 0.3, baseline: 0 }))).toBe('baseline_zero');
  });
});

describe('plans of several treatments', () => {
  const plan = { baseline: 0.05, treatment: 0.06, alpha: 0.05, power: 0.8 };
  const of = (treatments: number, ratio = 1) =>
    must(sampleSizeManyTreatments({ ...plan, treatments, ratio }));

  it("use Dunnett's critical value", () => {
    expect(of(1)).toMatchObject(must(sampleSizeProportions(plan)));
    // Dunnett (1964), tables: two-sided, infinite degrees of freedom, ρ = 1/2.
    expect([2, 3, 5].map((k) => Math.round(100 * of(k).critical) / 100)).toEqual([2.21, 2.35, 2.51]);
  });

  it('need the fewest recipients with a control √k times as large', () => {
    // Correlations of 1/3; mpmath.
    expect(of(4, 0.5).critical).toBeCloseTo(2.470990928415434, 9);
    const best = of(4, 0.5).total;
    expect(of(4, 1).total).toBeGreaterThan(best);
    expect(of(4, 0.25).total).toBeGreaterThan(best);
    expect(codeOf(sampleSizeManyTreatments({ ...plan, treatments: 0 }))).toBe('invalid_input');
    expect(codeOf(sampleSizeManyTreatments({ ...plan, treatments: 2, baseline: 0 }))).toBe('baseline_zero');
  });
});

describe('plans of lists, cohorts and time', () => {
  const rates = { baseline: 0.02, treatment: 0.022, alpha: 0.05, power: 0.8 };

  it('warn when even the whole list shows only an implausible uplift', () => {
    const short = must(listLimit({ ...rates, listSize: 20000 }));
    expect(short.uplift).toBeGreaterThan(0.2);
    expect(short.warnings.map(({ code }) => code)).toEqual(['list_too_short']);
    expect(must(listLimit({ ...rates, listSize: 500000 })).warnings).toEqual([]);
    expect(codeOf(listLimit({ ...rates, baseline: 0.5, listSize: 6 }))).toBe('too_few');
  });

  it('say how small a cohort can be', () => {
    const sizes = must(sampleSizeProportions(rates));
    const found = must(smallestCohort({ ...rates, listSize: 1e6 }));
    expect(found.recipients).toBe(sizes.control + sizes.treatment);
    expect(found.share).toBe(found.recipients / 1e6);
    expect(codeOf(smallestCohort({ ...rates, listSize: 1000 }))).toBe('too_few');
  });

  const plan = {
    recipients: 1000,
    intake: [100, 100, 100, 100, 100, 50, 0],
    startDay: 4,
    attributionDays: 7,
  };

  it('count weekdays, ramp, window and buffer, in whole weeks', () => {
    // Day 4 of 1970 was Monday, 5 January: 550 a week, so 1000 are reached on the second Friday.
    expect(must(duration(plan))).toEqual({
      enrolmentDays: 12,
      totalDays: 19,
      totalWeeks: 3,
      readDay: 25,
      enrolled: 1050,
    });
    const slow = must(duration({ ...plan, ramp: [0.1, 0.5], bufferDays: 2.5 }));
    expect(slow.enrolmentDays).toBe(15);
    expect(slow.totalDays).toBe(25);
    expect(must(duration({ ...plan, startDay: 3 })).enrolmentDays).toBe(13);
    expect(must(duration({ ...plan, startDay: -3 })).enrolmentDays).toBe(must(duration(plan)).enrolmentDays);
    expect(must(duration({ ...plan, listSize: 1020 })).enrolled).toBe(1020);
  });

  it('refuse a list or a pace that is not enough', () => {
    expect(codeOf(duration({ ...plan, listSize: 999 }))).toBe('too_few');
    expect(codeOf(duration({ ...plan, intake: [0, 0, 0, 0, 0, 0, 0] }))).toBe('too_few');
    expect(codeOf(duration({ ...plan, intake: [1, 2, 3] }))).toBe('invalid_input');
    expect(codeOf(duration({ ...plan, startDay: 0.5 }))).toBe('invalid_input');
    expect(codeOf(duration({ ...plan, ramp: [2] }))).toBe('invalid_input');
    expect(codeOf(duration({ ...plan, attributionDays: -1 }))).toBe('invalid_input');
    expect(codeOf(duration({ ...plan, recipients: 0 }))).toBe('invalid_input');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanDeltaUplift } from '../../src/statistics/means/delta-uplift.js';
import { fieller } from '../../src/statistics/means/fieller.js';
import { logUplift } from '../../src/statistics/means/log-uplift.js';
import { student } from '../../src/statistics/means/student.js';
import { welch } from '../../src/statistics/means/welch.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, leavesOutZero, levels, must, outcomes, sumUp } from './arbitrary.js';
import { hillstrom } from './hillstrom.js';

const some = sumUp([1n, 2n, 3n, 9n]);
const flat = sumUp([5n, 5n, 5n]);
const none = sumUp([]);

describe("Student's t test", () => {
  // Student (1908): hours of sleep gained by two drugs, in tenths of an hour; R: t.test(extra ~ group, var.equal = TRUE).
  const first = sumUp([7n, -16n, -2n, -12n, -1n, 34n, 37n, 8n, 0n, 20n]);
  const second = sumUp([19n, 8n, 11n, 1n, -1n, 44n, 55n, 16n, 46n, 34n]);

  it("gives the sleep data's published values", () => {
    const { difference, test } = must(student(first, second, 0.95));
    expect(test.statistic).toBeCloseTo(1.8608, 4);
    expect(test.df).toEqual([18]);
    expect(test.p).toBeCloseTo(0.07919, 5);
    expect(difference.interval.lower / 10).toBeCloseTo(-0.203874, 6);
    expect(difference.interval.upper / 10).toBeCloseTo(3.363874, 6);
  });

  it("is Welch's test for arms of equal size, but for the degrees of freedom", () => {
    fc.assert(
      fc.property(outcomes, fc.bigInt({ min: -9n, max: 9n }), (a, by) => {
        const [control, treatment] = [sumUp(a), sumUp(a.map((y, i) => (i % 2 === 0 ? y : y + by)))];
        const [equal, own] = [student(control, treatment, 0.9), welch(control, treatment, 0.9)];
        fc.pre(!isRefusal(equal) && !isRefusal(own));
        const t = must(own).test.statistic;
        expect(Math.abs(must(equal).test.statistic - t)).toBeLessThanOrEqual(1e-12 * Math.abs(t));
      }),
    );
  });

  it('leaves out 0 exactly when it rejects, whichever arm is called control', () => {
    fc.assert(
      fc.property(outcomes, outcomes, levels, (a, b, level) => {
        const there = student(sumUp(a), sumUp(b), level);
        const back = student(sumUp(b), sumUp(a), level);
        if (isRefusal(there) || isRefusal(back)) {
          expect(there).toEqual(back);
          return;
        }
        expect(leavesOutZero(there.difference.interval)).toBe(there.test.p < 1 - level);
        expect(there.test.statistic).toBeCloseTo(0 - back.test.statistic, 9);
      }),
    );
  });

  it('refuses what has no answer', () => {
    expect(codeOf(student(sumUp([1n]), some, 0.95))).toBe('too_few');
    expect(codeOf(student(none, some, 0.95))).toBe('empty_arm');
    expect(codeOf(student(flat, flat, 0.95))).toBe('no_variation');
    expect(codeOf(student(some, some, 0))).toBe('invalid_input');
    expect(codeOf(student({ ...some, sumSquares: 3n }, some, 0.95))).toBe('invalid_input');
  });
});

describe('uplifts of a mean', () => {
  it('agree for large arms and small effects', () => {
    const big = (sum: bigint) => ({
      n: 10n ** 9n,
      nonZero: 10n ** 9n,
      sum,
      sumSquares: 26n * 10n ** 9n,
      sumCubes: 0n,
    });
    const [control, treatment] = [big(10n ** 9n), big(10n ** 9n + 500_000n)];
    const exact = must(fieller(control, treatment, 0.95));
    expect(exact.value).toBe(0.0005);
    for (const other of [
      must(fieller(control, treatment, 0.95, 'normal')),
      must(logUplift(control, treatment, 0.95)),
      must(meanDeltaUplift(control, treatment, 0.95)),
    ]) {
      expect(other.value).toBe(exact.value);
      expect(other.interval.lower).toBeCloseTo(exact.interval.lower, 6);
      expect(other.interval.upper).toBeCloseTo(exact.interval.upper, 6);
    }
  });

  it("give the values of 30-digit arithmetic for Hillstrom's spend", () => {
    const delta = must(meanDeltaUplift(hillstrom.none, hillstrom.mens, 0.95));
    expect(delta.se).toBeCloseTo(0.323976897418467, 13);
    expect(delta.interval.lower).toBeCloseTo(0.544305719598782, 13);
    expect(delta.interval.upper).toBeCloseTo(1.814271821125229, 13);
    const log = must(logUplift(hillstrom.none, hillstrom.mens, 0.95));
    expect(log.seLog).toBeCloseTo(0.148661756911018, 13);
    expect(log.interval.lower).toBeCloseTo(0.628447133695769, 13);
    expect(log.interval.upper).toBeCloseTo(1.916459150778437, 13);
  });

  it('with normal quantiles leave out 0 exactly when the z test rejects', () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const [control, treatment] = [sumUp(a), sumUp(b)];
        const result = fieller(control, treatment, 0.95, 'normal');
        fc.pre(!isRefusal(result));
        const z = Math.abs(must(welch(control, treatment, 0.95)).test.statistic);
        fc.pre(Math.abs(z - 1.959963984540054) > 1e-9);
        expect(leavesOutZero(must(result).interval)).toBe(z > 1.96);
      }),
      { numRuns: 1000 },
    );
  });

  it('on the log scale mirror when the arms are swapped', () => {
    fc.assert(
      fc.property(outcomes, outcomes, levels, (a, b, level) => {
        const there = logUplift(sumUp(a), sumUp(b), level);
        const back = logUplift(sumUp(b), sumUp(a), level);
        fc.pre(!isRefusal(there) && !isRefusal(back));
        const log = Math.log1p(must(there).interval.upper);
        fc.pre(Math.abs(log) < 10);
        expect(Math.abs(log + Math.log1p(must(back).interval.lower))).toBeLessThan(
          1e-9 * Math.max(1, Math.abs(log)),
        );
        expect(must(there).seLog).toBeCloseTo(must(back).seLog, 12);
      }),
    );
  });

  it('do not care about the unit', () => {
    fc.assert(
      fc.property(outcomes, outcomes, fc.bigInt({ min: 2n, max: 10n ** 12n }), (a, b, unit) => {
        for (const uplift of [fieller, logUplift, meanDeltaUplift]) {
          const plain = uplift(sumUp(a), sumUp(b), 0.95);
          const scaled = uplift(sumUp(a.map((y) => y * unit)), sumUp(b.map((y) => y * unit)), 0.95);
          expect(codeOf(scaled)).toBe(codeOf(plain));
          if (isRefusal(plain) || isRefusal(scaled)) continue;
          expect(scaled.value).toBe(plain.value);
          const { lower, upper } = plain.interval;
          const allowed = 1e-9 * (upper - lower) + 1e-14 * Math.max(1, Math.abs(upper));
          expect(Math.abs(scaled.interval.upper - upper)).toBeLessThanOrEqual(allowed);
        }
      }),
    );
  });

  it('refuse a baseline of zero and logarithms that do not exist', () => {
    const balanced = sumUp([-1n, 0n, 1n]);
    const negative = sumUp([-4n, -1n, 0n]);
    expect(codeOf(logUplift(balanced, some, 0.95))).toBe('baseline_zero');
    expect(codeOf(meanDeltaUplift(balanced, some, 0.95))).toBe('baseline_zero');
    expect(codeOf(fieller(balanced, some, 0.95, 'normal'))).toBe('baseline_zero');
    expect(codeOf(logUplift(some, balanced, 0.95))).toBe('not_positive');
    expect(codeOf(logUplift(some, negative, 0.95))).toBe('not_positive');
    expect(codeOf(logUplift(negative, some, 0.95))).toBe('not_positive');
    expect(must(meanDeltaUplift(some, balanced, 0.95)).value).toBe(-1);
    for (const uplift of [logUplift, meanDeltaUplift]) {
      expect(codeOf(uplift(flat, flat, 0.95))).toBe('no_variation');
      expect(codeOf(uplift(sumUp([1n]), some, 0.95))).toBe('too_few');
      expect(codeOf(uplift(none, some, 0.95))).toBe('empty_arm');
      expect(codeOf(uplift(some, some, NaN))).toBe('invalid_input');
    }
  });

  it('give the ratio as it is for a control mean below zero', () => {
    const [control, treatment] = [sumUp([-11n, -10n, -9n]), sumUp([-12n, -12n, -9n])];
    expect(must(fieller(control, treatment, 0.8)).value).toBe(0.1);
    expect(must(logUplift(control, treatment, 0.8)).value).toBe(0.1);
    const { value, interval } = must(meanDeltaUplift(control, treatment, 0.8));
    expect(value).toBe(0.1);
    expect(interval.lower < 0.1 && 0.1 < interval.upper).toBe(true);
  });

  it('refuse outcomes too large for doubles', () => {
    const vast = sumUp([0n, 10n ** 400n]);
    expect(codeOf(welch(vast, some, 0.95))).toBe('invalid_input');
    expect(codeOf(student(vast, some, 0.95))).toBe('invalid_input');
    expect(codeOf(fieller(some, vast, 0.95))).toBe('invalid_input');
  });
});

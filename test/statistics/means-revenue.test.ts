import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonCap } from '../../src/statistics/means/common-cap.js';
import { hall } from '../../src/statistics/means/hall.js';
import { revenueGuard } from '../../src/statistics/means/revenue-guard.js';
import { twoPart } from '../../src/statistics/means/two-part.js';
import { welch } from '../../src/statistics/means/welch.js';
import { winsorWelch } from '../../src/statistics/means/winsor-welch.js';
import { isRefusal } from '../../src/statistics/result.js';
import { addSums, sumsOf, type OutcomeSums } from '../../src/statistics/sums.js';
import { codeOf, leavesOutZero, levels, must, outcomes, sumUp } from './arbitrary.js';
import { hillstrom } from './hillstrom.js';

const { none, mens } = hillstrom;

describe('two-part view', () => {
  it("finds that Hillstrom's e-mail made more buyers, not larger baskets", () => {
    const { conversion, value, revenue, test } = must(twoPart(none, mens, 0.95));
    expect(must(conversion).uplift.value).toBeCloseTo(1.18842, 5);
    expect(leavesOutZero(must(conversion).interval)).toBe(true);
    expect(leavesOutZero(must(value).interval)).toBe(false);
    expect(must(revenue).uplift.value).toBeCloseTo(1.1793, 4);
    expect(must(conversion).value).toBeCloseTo(0.783180679632769, 13);
    expect(must(conversion).se).toBeCloseTo(0.108849306819353, 13);
    expect(must(conversion).z).toBeCloseTo(7.389909141058476, 12);
    expect(must(value).value).toBeCloseTo(-0.0041821081910958, 13);
    expect(must(value).se).toBeCloseTo(0.1015852399996133, 13);
    expect(must(value).z).toBeCloseTo(-0.0411427247118767, 13);
    expect(must(test).df).toEqual([2]);
    expect(must(test).p).toBeLessThan(1e-11);
  });

  it('adds up: log revenue = log conversion + log value', () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const result = must(twoPart(sumUp(a), sumUp(b), 0.95));
        fc.pre(!isRefusal(result.conversion) && !isRefusal(result.value) && !isRefusal(result.revenue));
        const sum = must(result.conversion).value + must(result.value).value;
        expect(Math.abs(must(result.revenue).value - sum)).toBeLessThan(1e-12);
        const { statistic, p, logP } = must(result.test);
        expect(statistic).toBeCloseTo(must(result.conversion).z ** 2 + must(result.value).z ** 2, 9);
        expect([p, logP]).toEqual([Math.exp(-statistic / 2), -statistic / 2 + 0]);
      }),
    );
  });

  it('keeps the digits of nearly equal rates', () => {
    const arm = (nonZero: bigint) => ({
      ...none,
      n: 10n ** 12n,
      nonZero,
      sumSquares: 10n ** 20n,
      sum: 10n ** 12n,
    });
    const { conversion } = must(twoPart(arm(3n * 10n ** 11n), arm(3n * 10n ** 11n + 1n), 0.95));
    expect(must(conversion).value * 3e11).toBeCloseTo(1, 9);
  });

  it('refuses the parts that have no answer and gives the others', () => {
    const two = sumUp([0n, 5n, 9n, 0n]);
    const codes = (control: OutcomeSums, treatment: OutcomeSums) => {
      const { conversion, value, revenue, test } = must(twoPart(control, treatment, 0.95));
      return [conversion, value, revenue, test].map(codeOf);
    };
    const fine = 'not refused';
    expect(codes(sumUp([0n, 0n]), two)).toEqual(Array(4).fill('baseline_zero'));
    expect(codes(two, sumUp([0n, 0n]))).toEqual(Array(4).fill('too_few'));
    expect(codes(sumUp([0n, 3n]), two)).toEqual([fine, 'too_few', fine, 'too_few']);
    expect(codes(sumUp([4n, 5n]), sumUp([6n, 9n]))).toEqual(['no_variation', fine, fine, 'no_variation']);
    expect(codes(sumUp([0n, 5n, 5n]), sumUp([0n, 0n, 7n, 7n]))).toEqual([
      fine,
      'no_variation',
      fine,
      'no_variation',
    ]);
    expect(codes(sumUp([0n, -5n, 5n]), two)).toEqual([
      fine,
      'baseline_zero',
      'baseline_zero',
      'baseline_zero',
    ]);
    expect(codes(two, sumUp([0n, -5n, 1n]))).toEqual([fine, 'not_positive', 'not_positive', 'not_positive']);
    expect(codeOf(twoPart(sumUp([]), two, 0.95))).toBe('empty_arm');
    expect(codeOf(twoPart({ ...two, nonZero: 9n }, two, 0.95))).toBe('invalid_input');
    expect(codeOf(twoPart(two, two, 1.5))).toBe('invalid_input');
  });
});

describe('capped means', () => {
  const money = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10 ** 6 })), {
    minLength: 2,
    maxLength: 40,
  });

  it("is Welch's test of outcomes capped by hand", () => {
    fc.assert(
      fc.property(money, money, fc.integer({ min: 1, max: 10 ** 6 }), levels, (a, b, cap, level) => {
        const byHand = (arm: number[]) => sumUp(arm.map((y) => BigInt(Math.min(y, cap))));
        const expected = welch(byHand(a), byHand(b), level);
        const result = winsorWelch(a, b, cap, level);
        expect(codeOf(result)).toBe(codeOf(expected));
        if (isRefusal(result) || isRefusal(expected)) return;
        expect(result.difference).toEqual(expected.difference);
        expect(result.test).toEqual({ ...expected.test, method: 'mean.winsor_welch' });
        expect(result.control.recipients).toBe(a.filter((y) => y > cap).length);
        expect(result.control.amount).toBe(a.reduce((sum, y) => sum + Math.max(0, y - cap), 0));
      }),
    );
  });

  it('takes caps and outcomes between whole numbers exactly', () => {
    const cents = [0, 1999, 0, 525, 12_050];
    const other = [310, 0, 4999, 0, 0, 2525];
    const whole = must(winsorWelch(cents, other, 5012, 0.95));
    // 1/8 of a cent is exact in binary.
    const eighths = must(
      winsorWelch(
        cents.map((y) => y / 8),
        other.map((y) => y / 8),
        5012 / 8,
        0.95,
      ),
    );
    expect(eighths.test).toEqual(whole.test);
    expect(eighths.difference.value * 8).toBe(whole.difference.value);
    expect(eighths.difference.interval.upper * 8).toBe(whole.difference.interval.upper);
    expect(eighths.control).toEqual({ recipients: 1, amount: (12_050 - 5012) / 8 });
    expect(eighths.treatment).toEqual({ recipients: 0, amount: 0 });
  });

  it('holds for outcomes of any size that a double has', () => {
    const tiny = must(winsorWelch([1e-300, 3e-300, 0], [2e-300, 4e-300, 9e-300], 5e-300, 0.95));
    const plain = must(winsorWelch([1, 3, 0], [2, 4, 9], 5, 0.95));
    const huge = must(winsorWelch([1e300, 3e300, 0], [2e300, 4e300, 9e300], 5e300, 0.95));
    expect(tiny.test.statistic).toBeCloseTo(plain.test.statistic, 12);
    expect(huge.test.statistic).toBeCloseTo(plain.test.statistic, 12);
    expect(huge.treatment.amount / 4e300).toBeCloseTo(1, 12);
  });

  it('finds one cap for all arms, among those who bought', () => {
    const arms = [
      [0, 0, 100, 200, 0],
      [0, 300, 400, 500],
    ];
    expect(must(commonCap(arms, 0.5)).cap).toBe(300);
    expect(must(commonCap(arms, 0.9)).cap).toBeCloseTo(460, 12);
    expect(must(commonCap(arms, 1)).cap).toBe(500);
    // (n - 1) · 0.55 is 11.000000000000002: the cap is the outcome there, and that one is not above it.
    const ties = Array.from({ length: 21 }, (_, i) => 1000 + i);
    expect(must(commonCap([ties], 0.55)).cap).toBe(1011);
    expect(must(commonCap([ties.toReversed(), [], [0]], 0.55)).cap).toBe(1011);
    // Between equal outcomes nothing is rounded.
    expect(must(commonCap([[8865, 8865, 8865]], 0.3)).cap).toBe(8865);
  });

  it('refuses caps that are none', () => {
    expect(codeOf(commonCap([[0, 0], [0]], 0.99))).toBe('too_few');
    expect(codeOf(commonCap([], 0.99))).toBe('too_few');
    expect(codeOf(commonCap([[5, NaN]], 0.99))).toBe('invalid_input');
    expect(codeOf(commonCap([[5]], 0))).toBe('invalid_input');
    expect(codeOf(commonCap([[5]], 99))).toBe('invalid_input');
    expect(codeOf(commonCap([[-5, -4, 0]], 0.99))).toBe('not_positive');
    expect(codeOf(winsorWelch([1, 2], [2, 3], 0, 0.95))).toBe('invalid_input');
    expect(codeOf(winsorWelch([1, 2], [2, 3], Infinity, 0.95))).toBe('invalid_input');
    expect(codeOf(winsorWelch([1, Infinity], [2, 3], 5, 0.95))).toBe('invalid_input');
    expect(codeOf(winsorWelch([5, 6], [7, 8], 5, 0.95))).toBe('no_variation');
    expect(codeOf(winsorWelch([], [7, 8], 5, 0.95))).toBe('empty_arm');
    expect(codeOf(winsorWelch([1], [7, 8], 5, 0.95))).toBe('too_few');
    expect(codeOf(winsorWelch([1, 2], [7, 8], 5, 1))).toBe('invalid_input');
  });
});

describe("Hall's correction", () => {
  const noSkew = (n: bigint, mean: bigint): OutcomeSums => ({
    n,
    nonZero: n,
    sum: n * mean,
    sumSquares: n * (mean * mean + 100n),
    sumCubes: n * (mean ** 3n + 300n * mean),
  });

  it("is Welch's test where nothing is skewed", () => {
    const [control, treatment] = [noSkew(20_000n, 50n), noSkew(12_000n, 51n)];
    const [plain, corrected] = [must(welch(control, treatment, 0.95)), must(hall(control, treatment, 0.95))];
    expect(corrected.test.p).toBeCloseTo(plain.test.p, 14);
    expect(corrected.difference.interval.lower).toBeCloseTo(plain.difference.interval.lower, 12);
  });

  it("gives the values of 30-digit arithmetic for Hillstrom's spend", () => {
    const { difference, test } = must(hall(none, mens, 0.95));
    expect(test.statistic).toBeCloseTo(5.718599873226704, 12);
    expect(test.p / 1.0823848130808e-8).toBeCloseTo(1, 12);
    expect(difference.interval.lower).toBeCloseTo(49.37396984700666, 11);
    expect(difference.interval.upper).toBeCloseTo(106.39774877943606, 11);
  });

  it('moves both limits towards the long tail of the smaller arm', () => {
    const buyers = (n: bigint, scale: bigint): OutcomeSums => {
      const amounts = [400n, 900n, 2500n, 20_000n].map((y) => sumsOf(y * scale));
      const all = amounts.reduce(addSums);
      const k = n / 400n;
      const nonZero = 4n * k;
      return { n, nonZero, sum: all.sum * k, sumSquares: all.sumSquares * k, sumCubes: all.sumCubes * k };
    };
    const [control, treatment] = [buyers(90_000n, 1n), buyers(10_000n, 1n)];
    const [plain, corrected] = [must(welch(control, treatment, 0.95)), must(hall(control, treatment, 0.95))];
    expect(corrected.difference.interval.lower).toBeGreaterThan(plain.difference.interval.lower);
    expect(corrected.difference.interval.upper).toBeGreaterThan(plain.difference.interval.upper);
    // Swapped arms mirror.
    const back = must(hall(treatment, control, 0.95)).difference.interval;
    expect(corrected.difference.interval.upper / -back.lower).toBeCloseTo(1, 12);
  });

  it('leaves out 0 exactly when it rejects', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 5n });
    const arm = fc.tuple(
      fc.array(amount, { minLength: 1, maxLength: 30 }),
      fc.bigInt({ min: 10_000n, max: 90_000n }),
    );
    const sums = ([amounts, n]: [bigint[], bigint]) => ({ ...sumUp(amounts), n });
    fc.assert(
      fc.property(arm, arm, levels, (a, b, level) => {
        const { difference, test } = must(hall(sums(a), sums(b), level));
        expect(leavesOutZero(difference.interval)).toBe(test.p < 1 - level);
      }),
    );
  });

  it('refuses small arms and what Welch refuses', () => {
    expect(codeOf(hall(noSkew(9999n, 5n), noSkew(10_000n, 5n), 0.95))).toBe('too_few');
    expect(codeOf(hall(sumUp([]), noSkew(10_000n, 5n), 0.95))).toBe('empty_arm');
    expect(codeOf(hall({ ...noSkew(10_000n, 5n), sumCubes: 10n ** 30n }, noSkew(10_000n, 5n), 0.95))).toBe(
      'invalid_input',
    );
  });
});

describe('revenue guard', () => {
  const arm = (buyers: number) => sumUp([...Array<bigint>(buyers).fill(100n), 0n, 0n]);
  const codes = (...args: Parameters<typeof revenueGuard>) =>
    must(revenueGuard(...args)).warnings.map(({ code }) => code);

  it('warns below 50 buyers and above 5 % of the sum in one hand', () => {
    expect(codes([arm(50), arm(50)])).toEqual([]);
    expect(codes([arm(49), arm(50)])).toEqual(['few_events']);
    const one = (y: bigint) => addSums(arm(95), sumsOf(y));
    expect(codes([arm(50), one(500n)], [100n, 500n])).toEqual([]);
    expect(codes([arm(50), one(501n)], [100n, 501n])).toEqual(['dominant_recipient']);
    expect(codes([arm(3), one(501n)], [100n, 501n])).toEqual(['few_events', 'dominant_recipient']);
    expect(codes([arm(0)], [0n])).toEqual(['few_events']);
  });

  it('refuses what does not fit', () => {
    expect(codeOf(revenueGuard([]))).toBe('invalid_input');
    expect(codeOf(revenueGuard([arm(1)], []))).toBe('invalid_input');
    expect(codeOf(revenueGuard([arm(1)], [101n]))).toBe('invalid_input');
    expect(codeOf(revenueGuard([arm(1)], [33n]))).toBe('invalid_input');
    expect(codeOf(revenueGuard([sumUp([])]))).toBe('empty_arm');
    expect(codeOf(revenueGuard([{ ...arm(1), n: -1n }]))).toBe('invalid_input');
  });
});

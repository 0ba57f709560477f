import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseArms } from '../../src/reports/compare.js';
import type { Count } from '../../src/statistics/count.js';
import { fisherMidP } from '../../src/statistics/proportions/fisher-mid-p.js';
import { rateTest } from '../../src/statistics/proportions/rate-test.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { isRefusal } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import { codeOf, counts, leavesOutZero, levels, must } from './arbitrary.js';
import { chance, draw, share } from './simulate.js';

function count(successes: number, n: number): Count {
  return { successes: BigInt(successes), n: BigInt(n) };
}

function sums({ successes: k, n }: Count): OutcomeSums {
  return { n, nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}

function choose(n: bigint, k: bigint): bigint {
  let value = 1n;
  for (let i = 1n; i <= k; i += 1n) value = (value * (n - k + i)) / i;
  return value;
}

/** Twice the smaller mid tail, from whole numbers. */
function midPOfAllTables(control: Count, treatment: Count): number {
  const total = control.successes + treatment.successes;
  const weight = (x: bigint) => choose(treatment.n, x) * choose(control.n, total - x);
  let [below, above] = [0n, 0n];
  for (let x = 0n; x <= total; x += 1n) {
    if (x > treatment.n || total - x > control.n) continue;
    if (x <= treatment.successes) below += x < treatment.successes ? 2n * weight(x) : weight(x);
    if (x >= treatment.successes) above += x > treatment.successes ? 2n * weight(x) : weight(x);
  }
  const smaller = below < above ? below : above;
  return Number((smaller * 10n ** 30n) / choose(control.n + treatment.n, total)) / 1e30;
}

describe("Fisher's mid-p", () => {
  const small = fc
    .integer({ min: 1, max: 40 })
    .chain((n) => fc.integer({ min: 0, max: n }).map((k) => count(k, n)));

  it('sums the tables', () => {
    fc.assert(
      fc.property(small, small, (control, treatment) => {
        const result = fisherMidP(control, treatment);
        fc.pre(!isRefusal(result));
        expect(Math.abs(must(result).p - midPOfAllTables(control, treatment))).toBeLessThan(1e-12);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same for failures and for the arms swapped, and at most 1', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const result = fisherMidP(a, b);
        fc.pre(!isRefusal(result));
        const { p, logP } = must(result);
        const failures = ({ successes, n }: Count) => ({ successes: n - successes, n });
        expect(p).toBeLessThanOrEqual(1);
        expect(Math.exp(logP)).toBeCloseTo(p, 14);
        expect(must(fisherMidP(b, a)).p).toBeCloseTo(p, 12);
        expect(must(fisherMidP(failures(a), failures(b))).p).toBeCloseTo(p, 12);
      }),
    );
  });

  it('keeps its digits in arms of a billion and far out', () => {
    // The split of few successes is binomial there: P(X = 4 of 4) / 2, doubled.
    expect(must(fisherMidP(count(0, 3e9), count(4, 1e9))).p / 0.25 ** 4).toBeCloseTo(1, 8);
    expect(must(fisherMidP(count(3e9, 3e9), count(1e9 - 4, 1e9))).p / 0.25 ** 4).toBeCloseTo(1, 8);
    const far = must(fisherMidP(count(0, 100_000), count(1000, 1000)));
    expect(far.p).toBe(0);
    // Minus the logarithm of 101,000 over 1,000.
    expect(far.logP).toBeCloseTo(-5605.78567780921, 8);
  });

  it('is 1 where only one table is possible, which the test of two rates refuses', () => {
    for (const arms of [
      [count(0, 5), count(0, 9)],
      [count(5, 5), count(9, 9)],
    ] as const) {
      expect(must(fisherMidP(...arms))).toEqual({ p: 1, logP: 0 });
      expect(codeOf(rateTest(...arms))).toBe('no_variation');
    }
  });

  it('refuses what has no answer', () => {
    expect(codeOf(fisherMidP(count(0, 0), count(1, 9)))).toBe('empty_arm');
    expect(codeOf(fisherMidP(count(6, 5), count(1, 9)))).toBe('invalid_input');
  });
});

describe('the test of two rates', () => {
  it("is Pearson's where enough are expected, and never rejects more where not", () => {
    fc.assert(
      fc.property(counts, counts, (control, treatment) => {
        const plain = pearson([control, treatment]);
        fc.pre(!isRefusal(plain));
        const result = must(rateTest(control, treatment));
        if (must(plain).warnings.length === 0) expect(result).toEqual(plain);
        else expect(result.method).toBe('proportion.mid_p_guard');
        expect(result.p).toBeGreaterThanOrEqual(must(plain).p);
      }),
    );
  });

  it('has intervals that leave out no effect exactly when it rejects', () => {
    const few = fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 12 })).map(([n, k]) =>
      count(Math.min(n, k), n),
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.oneof(few, counts), few, levels, (control, treatment, level) => {
        const { test, difference, uplift } = analyseArms(
          { type: 'proportion' },
          [sums(control), sums(treatment)],
          level,
        ).pair(0, 1);
        const rejects = !isRefusal(test) && test.p < 1 - level;
        for (const estimate of [difference, uplift]) {
          if (isRefusal(estimate)) continue;
          const { lower, upper } = estimate.interval;
          expect(leavesOutZero(estimate.interval)).toBe(rejects);
          expect(lower <= estimate.value && estimate.value <= upper).toBe(true);
          expect(Object.is(upper, -0) || Object.is(lower, -0)).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [20_000, 200, 0.0008],
    [9900, 100, 0.0015],
    [10_000, 1000, 0.0002],
    [1000, 10, 0.015],
  ])('calls %i against %i at rate %f better by chance in at most 3.5 percent', (control, treatment, p) => {
    const random = chance(7);
    const better = share(4000, () => {
      const [a, b] = [count(draw(random, control, p), control), count(draw(random, treatment, p), treatment)];
      const test = rateTest(a, b);
      return !isRefusal(test) && test.p < 0.05 && b.successes * a.n > a.successes * b.n;
    });
    expect(better).toBeLessThanOrEqual(0.035);
  });
});

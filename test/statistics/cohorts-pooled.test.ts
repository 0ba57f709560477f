import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cmh } from '../../src/statistics/cohorts/cmh.js';
import type { RatePair } from '../../src/statistics/cohorts/cohort-rates.js';
import { poststratified } from '../../src/statistics/cohorts/poststratified.js';
import { welch } from '../../src/statistics/means/welch.js';
import { isRefusal } from '../../src/statistics/result.js';
import { addSums, type OutcomeSums } from '../../src/statistics/sums.js';
import { codeOf, counts, leavesOutZero, levels, must, outcomes, sumUp } from './arbitrary.js';

function pair(x0: number, n0: number, x1: number, n1: number): RatePair {
  return {
    control: { successes: BigInt(x0), n: BigInt(n0) },
    treatment: { successes: BigInt(x1), n: BigInt(n1) },
  };
}

describe('Cochran, Mantel & Haenszel', () => {
  // R's UCBAdmissions: admitted of female applicants (control) and of male ones, by department.
  const berkeley = [
    pair(89, 108, 512, 825),
    pair(17, 25, 353, 560),
    pair(202, 593, 120, 325),
    pair(131, 375, 138, 417),
    pair(94, 393, 53, 191),
    pair(24, 341, 22, 373),
  ];

  it("find no difference in Berkeley's departments, as R's mantelhaen.test does", () => {
    const { test, commonOddsRatio, homogeneity, leftOut } = must(cmh(berkeley, 0.95));
    expect(test.statistic).toBeCloseTo(1.524606660443, 11);
    expect(test.p).toBeCloseTo(0.216923697056, 11);
    const { value, interval } = must(commonOddsRatio);
    expect(value).toBeCloseTo(0.904696828258623, 13);
    expect(interval.lower).toBeCloseTo(0.77190736175935, 12);
    expect(interval.upper).toBeCloseTo(1.06032976443666, 12);
    expect(homogeneity?.p).toBeLessThan(0.01);
    expect(leftOut).toEqual([]);
  });

  it('turn over with the arms, and leave out 1 exactly when they reject', () => {
    const some = fc.array(fc.record({ control: counts, treatment: counts }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(some, levels, (pairs, level) => {
        const result = cmh(pairs, level);
        fc.pre(!isRefusal(result));
        const swapped = must(cmh(pairs.map(({ control, treatment }) => ({ control: treatment, treatment: control })), level)); // prettier-ignore
        expect(Math.abs(swapped.test.statistic - result.test.statistic)).toBeLessThanOrEqual(1e-9 * (1 + result.test.statistic)); // prettier-ignore
        fc.pre(!isRefusal(result.commonOddsRatio));
        const { value, interval } = result.commonOddsRatio;
        expect(must(swapped.commonOddsRatio).value * value).toBeCloseTo(1, 9);
        expect(interval.lower > 1 || interval.upper < 1).toBe(result.test.p < 1 - level);
      }),
    );
  });

  it('leave out cohorts that say nothing, and say so', () => {
    const silent = [pair(0, 10, 0, 20), pair(10, 10, 20, 20), pair(0, 0, 5, 20)];
    const { test, leftOut, commonOddsRatio } = must(cmh([...silent, ...berkeley], 0.95));
    expect(leftOut).toEqual([0, 1, 2]);
    expect(test.warnings.map(({ code }) => code)).toEqual(['left_out']);
    expect(must(commonOddsRatio).value).toBeCloseTo(0.904696828258623, 13);
    expect(codeOf(cmh(silent, 0.95))).toBe('no_variation');
  });

  it('have a test but no odds ratio where that is infinite', () => {
    const { test, commonOddsRatio, homogeneity } = must(cmh([pair(0, 10, 5, 10), pair(0, 8, 3, 9)], 0.95));
    expect(test.p).toBeLessThan(0.01);
    expect(codeOf(commonOddsRatio)).toBe('separation');
    expect(homogeneity?.p).toBeGreaterThan(0.5);
    expect(must(cmh(berkeley.slice(0, 1), 0.95)).homogeneity).toBeUndefined();
  });

  it('refuse no cohorts, impossible counts and a bad level', () => {
    expect(codeOf(cmh([], 0.95))).toBe('too_few');
    expect(codeOf(cmh([pair(3, 2, 1, 2)], 0.95))).toBe('invalid_input');
    expect(codeOf(cmh([pair(1, 0, 1, 2)], 0.95))).toBe('invalid_input');
    expect(codeOf(cmh(berkeley, NaN))).toBe('invalid_input');
  });
});

describe('post-stratification', () => {
  const arms = fc.tuple(outcomes.map(sumUp), outcomes.map(sumUp));
  const cohorts = fc.array(arms, { minLength: 1, maxLength: 5 });

  it('is the plain comparison where there is one cohort', () => {
    fc.assert(
      fc.property(arms, ([control, treatment]) => {
        const plain = welch(control, treatment, 0.95);
        fc.pre(!isRefusal(plain));
        const { estimate, weights } = must(poststratified('mean', [[control, treatment]], 0.95));
        expect(estimate.value).toBeCloseTo(plain.difference.value, 6);
        expect(estimate.se / plain.difference.se).toBeCloseTo(1, 12);
        expect(weights).toEqual([1]);
      }),
    );
  });

  it('leaves out no effect exactly when it rejects, and ignores a common unit of the mix', () => {
    fc.assert(
      fc.property(cohorts, levels, (all, level) => {
        const result = poststratified('mean', all, level);
        fc.pre(!isRefusal(result));
        expect(leavesOutZero(result.estimate.interval)).toBe(result.test.p < 1 - level);
        const mix = all.map(([a, b]) => 7 * Number(a.n + b.n));
        expect(must(poststratified('mean', all, level, [-1, 1], mix)).estimate.se).toBeCloseTo(result.estimate.se, 6);
      }),
    );
  }); // prettier-ignore

  it('is not fooled by a mix that differs between arms', () => {
    const binary = (k: bigint, n: bigint): OutcomeSums => ({
      n,
      nonZero: k,
      sum: k,
      sumSquares: k,
      sumCubes: k,
    });
    // No effect in either cohort, but most of the treatment's recipients are in the active one.
    const two = [[binary(90n, 900n), binary(10n, 100n)], [binary(50n, 100n), binary(450n, 900n)]] as const; // prettier-ignore
    expect(must(poststratified('proportion', two, 0.95)).estimate.value).toBe(0);
    const [all0, all1] = [addSums(two[0][0], two[1][0]), addSums(two[0][1], two[1][1])];
    expect(must(poststratified('proportion', [[all0, all1]], 0.95)).test.p).toBeLessThan(1e-10);
  });

  it('compares any arms by their coefficients, and refuses an arm that a cohort lacks', () => {
    const sums = (n: bigint, sum: bigint): OutcomeSums => ({ n, nonZero: n, sum, sumSquares: sum * sum, sumCubes: 0n });
    const three = [[sums(10n, 20n), sums(10n, 30n), sums(10n, 70n)], [sums(30n, 60n), sums(30n, 90n), sums(30n, 120n)]]; // prettier-ignore
    const last = must(poststratified('mean', three, 0.95, [-1, 0, 1]));
    expect(last.estimate.value).toBeCloseTo(0.25 * 5 + 0.75 * 2, 13);
    expect(last.weights).toEqual([0.25, 0.75]);
    const lacking = [[sums(10n, 20n), sums(0n, 0n)], [sums(9n, 3n), sums(9n, 4n)]]; // prettier-ignore
    expect(codeOf(poststratified('mean', lacking, 0.95))).toBe('missing_cell');
    expect(codeOf(poststratified('mean', lacking, 0.95, [-1, 1], [0, 1]))).toBe('not refused');
    for (const mix of [[1], [0, 0], [-1, 2], [NaN, 1], [Infinity, 1]]) {
      expect(codeOf(poststratified('mean', lacking, 0.95, [-1, 1], mix))).toBe('invalid_input');
    }
    expect(codeOf(poststratified('mean', [], 0.95))).toBe('too_few');
    expect(codeOf(poststratified('mean', three, 0.95, [1, 1]))).toBe('invalid_input');
  }); // prettier-ignore
});

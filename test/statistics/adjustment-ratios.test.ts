import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedContrast } from '../../src/statistics/adjustment/adjusted-contrast.js';
import { adjustedMeans } from '../../src/statistics/adjustment/adjusted-means.js';
import { adjustedRatios } from '../../src/statistics/adjustment/adjusted-ratios.js';
import { covariateBalance } from '../../src/statistics/adjustment/balance.js';
import { type CrossSums } from '../../src/statistics/cross-sums.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { ratioDelta } from '../../src/statistics/ratios/ratio-delta.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, must } from './arbitrary.js';
import { add } from './adjustment-data.js';

describe('adjusted ratios', () => {
  /** Clicks, sends and clicks before. */
  const rows = fc
    .array(
      fc.tuple(
        fc.bigInt({ min: 1n, max: 6n }),
        fc.bigInt({ min: 0n, max: 6n }),
        fc.bigInt({ min: 0n, max: 3n }),
      ),
      { minLength: 6, maxLength: 20 },
    )
    .map((all) => all.map(([sends, before, more]) => [(before * sends) / 4n + more, sends, before]));

  it('without covariates have the standard errors of the delta method', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const arms = [a, b].map((arm) => add(arm.map((row) => row.slice(0, 2))));
        const plain = ratioDelta(arms[0]!, arms[1]!, 0.95);
        fc.pre(!isRefusal(plain));
        const adjusted = must(adjustedContrast(must(adjustedRatios(arms)), [-1, 1], 0.95));
        expect(adjusted.estimate.se / plain.difference.se).toBeCloseTo(1, 12);
        expect(adjusted.test.statistic).toBeCloseTo(plain.test.statistic, 9);
      }),
    );
  });

  it('with one send for everybody are adjusted means', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const once = [a, b].map((arm) => arm.map(([y, , x]) => [y!, 1n, x!]));
        const ratios = must(adjustedRatios(once.map(add), 'pooled'));
        const means = must(
          adjustedMeans(
            once.map((arm) => add(arm.map(([y, , x]) => [y!, x!]))),
            'pooled',
          ),
        );
        expect(ratios.slopes[0]![0]).toBeCloseTo(means.slopes[0]![0]!, 12);
        ratios.means.forEach((value, k) => expect(value).toBeCloseTo(means.means[k]!, 12));
        ratios.covariance.flat().forEach((v, i) => expect(v).toBeCloseTo(means.covariance.flat()[i]!, 12));
      }),
    );
  });

  it('refuse an arm without denominators', () => {
    const arm = add([[1n, 2n, 3n], [0n, 1n, 1n], [1n, 1n, 2n]]); // prettier-ignore
    const none = add([[0n, 0n, 3n], [0n, 0n, 1n]]); // prettier-ignore
    expect(codeOf(adjustedRatios([arm, none]))).toBe('too_few');
    expect(codeOf(adjustedRatios([arm, { n: 3n, sums: [1n], products: [[1n]] }]))).toBe('invalid_input');
  });
});

describe('balance of covariates', () => {
  it('of a yes or no is nearly Pearson', () => {
    const arm = (n: bigint, yes: bigint): CrossSums => ({ n, sums: [0n, yes], products: [[0n], [0n, yes]] });
    const { test } = must(covariateBalance([arm(400n, 100n), arm(500n, 150n), arm(300n, 60n)]));
    const counts = [100n, 150n, 60n].map((successes, i) => ({ successes, n: [400n, 500n, 300n][i]! }));
    const { statistic } = must(pearson(counts));
    expect(test.statistic / statistic).toBeCloseTo(1_199 / 1_200, 12);
    expect(test.df).toEqual([2]);
  });

  it('has on average over all assignments exactly the mean of chi-squared', () => {
    const people = [[3n, 1n], [5n, 2n], [1n, 9n], [4n, 4n], [8n, 0n], [2n, 2n]].map((x) => [0n, ...x]); // prettier-ignore
    const statistics = Array.from({ length: 64 }, (_, mask) => mask).flatMap((mask) => {
      const arms = [0, 1].map((side) => people.filter((_, i) => ((mask >> i) & 1) === side));
      return arms[0]!.length === 3 ? [must(covariateBalance(arms.map(add))).test.statistic] : [];
    });
    expect(statistics.reduce((sum, x) => sum + x, 0) / statistics.length).toBeCloseTo(2, 12);
  });

  it('blocks an imbalance, counts only covariates of their own, refuses what does not vary', () => {
    const arm = (shift: bigint) =>
      add(Array.from({ length: 200 }, (_, i) => [0n, BigInt(i % 10) + shift, 2n * (BigInt(i % 10) + shift)]));
    expect(must(covariateBalance([arm(0n), arm(0n)]))).toMatchObject({
      balanced: true,
      test: { df: [1], p: 1 },
    });
    expect(must(covariateBalance([arm(0n), arm(2n)])).balanced).toBe(false);
    const flat = add([[1n, 5n], [2n, 5n]]); // prettier-ignore
    expect(codeOf(covariateBalance([flat, flat]))).toBe('no_variation');
    expect(codeOf(covariateBalance([flat, flat], 0))).toBe('invalid_input');
    expect(codeOf(covariateBalance([flat]))).toBe('invalid_input');
  });
});

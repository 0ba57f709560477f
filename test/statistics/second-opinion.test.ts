import jstat from 'jstat';
import { mean, quantile, sampleVariance } from 'simple-statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquared } from '../../src/statistics/distributions/chi-squared.js';
import { f } from '../../src/statistics/distributions/f.js';
import { normal } from '../../src/statistics/distributions/normal.js';
import { studentT } from '../../src/statistics/distributions/student-t.js';
import { addSums, emptySums, mean as exactMean, sumsOf, variance } from '../../src/statistics/sums.js';

/** Two well-known packages where they are good: ordinary arguments, and small sets of ordinary numbers. */

const { jStat } = jstat;

describe('a second opinion', () => {
  it('agrees on ordinary probabilities', () => {
    for (const x of [0.1, 0.5, 1, 1.96, 2.5, 3]) {
      expect(normal.cdf(x)).toBeCloseTo(jStat.normal.cdf(x, 0, 1), 9);
      for (const df of [3, 10, 29]) {
        expect(studentT.cdf(x, df)).toBeCloseTo(jStat.studentt.cdf(x, df), 7);
        expect(chiSquared.cdf(x * df, df)).toBeCloseTo(jStat.chisquare.cdf(x * df, df), 7);
        expect(f.cdf(x, 3, df)).toBeCloseTo(jStat.centralF.cdf(x, 3, df), 6);
      }
    }
  });

  it('agrees on means and variances of small sets', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 3, maxLength: 60 }),
        (values) => {
          const sums = values.map((y) => sumsOf(BigInt(y))).reduce(addSums, emptySums);
          expect(exactMean(sums)).toBeCloseTo(mean(values), 8);
          const expected = sampleVariance(values);
          expect(Math.abs(variance(sums) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
        },
      ),
    );
  });

  it('agrees on the quantiles of a standard normal sample made by inversion', () => {
    const sample = Array.from({ length: 9_999 }, (_, i) => normal.quantile((i + 1) / 10_000));
    expect(quantile(sample, 0.975)).toBeCloseTo(1.96, 2);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/statistics/argument-error.js';
import { normal } from '../../src/statistics/distributions/normal.js';
import { studentizedRange } from '../../src/statistics/distributions/studentized-range.js';
import { studentT } from '../../src/statistics/distributions/student-t.js';

function relative(got: number, expected: number): number {
  return got === expected ? 0 : Math.abs(got - expected) / Math.abs(expected);
}

const groups = fc.constantFrom(2, 3, 4, 7, 20, 200);
const dfs = fc.constantFrom(1, 2.5, 8, 30, 1000, 1e6, 1e9, Infinity);

describe('studentized range', () => {
  // Harter (1960), Annals of Mathematical Statistics 31: upper 5 and 1 per cent points, three or four digits.
  it.each([
    [0.05, 3, 10, 3.877],
    [0.05, 10, 20, 5.008],
    [0.01, 4, 30, 4.799],
    [0.05, 20, 1, 59.56],
    [0.01, 5, Infinity, 4.603],
  ])('upper %d point of %d groups with %d degrees of freedom', (p, k, df, expected) => {
    expect(relative(studentizedRange.isf(p, k, df), expected)).toBeLessThan(2e-4);
  });

  it('agrees with 25-digit double integrals', () => {
    expect(relative(studentizedRange.sf(3.5, 3, 20), 0.05589184908174899)).toBeLessThan(1e-12);
    expect(relative(studentizedRange.sf(11.659087172659376, 8, 20), 1.768602450149527e-6)).toBeLessThan(
      1e-11,
    );
    expect(relative(studentizedRange.sf(3.215854986025009, 3, 120), 0.06340664103222092)).toBeLessThan(1e-11);
    expect(relative(studentizedRange.sf(9.893847733123373, 3, 20), 2.5123208299208177e-6)).toBeLessThan(
      1e-11,
    );
    expect(relative(studentizedRange.sf(4.448906329847084, 5, 1), 0.39193310074681964)).toBeLessThan(1e-11);
    expect(relative(studentizedRange.sf(2.662741647370784, 3, 3), 0.2873928348864482)).toBeLessThan(1e-11);
    expect(relative(studentizedRange.sf(2.995138654369463, 5, 5), 0.33764310951744686)).toBeLessThan(1e-11);
    expect(relative(studentizedRange.sf(6.635018016910434, 5, 1000), 3.0366515029501364e-5)).toBeLessThan(
      1e-11,
    );
    expect(relative(studentizedRange.sf(1.5457611424885371, 5, 50), 0.8092808821440052)).toBeLessThan(1e-11);
  });

  it('of two groups is two t tails', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 52, noNaN: true }), dfs, (q, df) => {
        return relative(studentizedRange.sf(q, 2, df), 2 * studentT.sf(q / Math.SQRT2, df)) < 1e-10;
      }),
    );
  });

  it('has tails that make a whole, fewer with a wider range, more with more groups', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 30, noNaN: true }), groups, dfs, (q, k, df) => {
        const sf = studentizedRange.sf(q, k, df);
        return (
          Math.abs(sf + studentizedRange.cdf(q, k, df) - 1) < 1e-10 &&
          studentizedRange.sf(1.1 * q, k, df) <= sf &&
          studentizedRange.sf(q, k + 1, df) >= sf
        );
      }),
      { numRuns: 50 },
    );
  });

  it('quantiles undo both tails', () => {
    fc.assert(
      fc.property(fc.double({ min: -300, max: -0.01, noNaN: true }), groups, dfs, (log, k, df) => {
        const p = Math.exp(log);
        const near = (got: number) => Math.abs(got - log) <= 1e-9 * Math.max(1, -log);
        return (
          near(studentizedRange.logSf(studentizedRange.isf(p, k, df), k, df)) &&
          near(studentizedRange.logCdf(studentizedRange.quantile(p, k, df), k, df))
        );
      }),
      { numRuns: 15 },
    );
  });

  it('approaches known variance', () => {
    expect(relative(studentizedRange.sf(4, 5, 1e12), studentizedRange.sf(4, 5, Infinity))).toBeLessThan(
      1e-10,
    );
    // So far out one pair of the three decides.
    const pairs = Math.log(6) + normal.logSf(100 / Math.SQRT2);
    expect(relative(studentizedRange.logSf(100, 3, Infinity), pairs)).toBeLessThan(1e-13);
  });

  it('answers end points, and names the argument at fault', () => {
    expect(studentizedRange.sf(0, 3, 5)).toBe(1);
    expect(studentizedRange.cdf(-1, 3, 5)).toBe(0);
    expect(studentizedRange.sf(Infinity, 3, 5)).toBe(0);
    expect(studentizedRange.isf(0, 3, 5)).toBe(Infinity);
    expect(studentizedRange.quantile(0, 3, 5)).toBe(0);
    expect(() => studentizedRange.sf(1, 1, 5)).toThrow('groups must');
    expect(() => studentizedRange.sf(1, 2.5, 5)).toThrow('groups must');
    expect(() => studentizedRange.sf(1, 3, 0)).toThrow('df must');
    expect(() => studentizedRange.sf(NaN, 3, 5)).toThrow(ArgumentError);
    expect(() => studentizedRange.isf(1.5, 3, 5)).toThrow('p must');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal } from '../../src/statistics/distributions/normal.js';
import { studentT } from '../../src/statistics/distributions/student-t.js';
import { largest } from '../../src/statistics/multiplicity/largest.js';
import { overlapShare } from '../../src/statistics/multiplicity/overlap.js';
import { quickMills } from '../../src/statistics/multiplicity/quick-tail.js';

const runs = { numRuns: 40 };
const equal = (count: number) => new Array<number>(count).fill(Math.SQRT1_2);

describe('the largest of several statistics', () => {
  it('has quantiles that undo its tail, also where statistics nearly coincide', () => {
    for (const loadings of [[0.7, 0.71, 0.72], [0.99, 0.9, 0.5], [0.9999, 0.999, 0.5]]) {
      for (const df of [5, 40, 3000, 1e6, Infinity]) {
        const family = largest(loadings, 'both');
        for (const p of [0.95, 0.3, 0.05, 1e-4])
          expect(Math.abs(family.logSf(family.isf(p, df), df) - Math.log(p))).toBeLessThan(1e-10);
      }
    }
  }); // prettier-ignore

  it.each([
    // Dunnett (1964), Biometrics 20, two-sided 5 % with equal groups: df, treatments, value
    [5, 2, 3.03],
    [10, 3, 2.76],
    [20, 9, 2.95],
    [60, 5, 2.58],
    [Infinity, 4, 2.44],
  ])('has the published two-sided 5 percent point for df %d and %d treatments', (df, count, value) => {
    expect(Math.abs(largest(equal(count), 'both').isf(0.05, df) - value)).toBeLessThan(0.006);
  });

  it.each([
    // Dunnett (1955), JASA 50, table 1a, one-sided 5 %
    [5, 1, 2.02],
    [5, 2, 2.44],
    [10, 2, 2.15],
    [20, 4, 2.3],
    [Infinity, 9, 2.42],
  ])('has the published one-sided 5 percent point for df %d and %d treatments', (df, count, value) => {
    expect(Math.abs(largest(equal(count), 'upper').isf(0.05, df) - value)).toBeLessThan(0.006);
  });

  it('is that of independent statistics without loadings', () => {
    for (const [count, c] of [
      [2, 0.3],
      [6, 2.2],
      [200, 5],
      [4, 30],
    ] as const) {
      const single = 2 * normal.sf(c);
      const expected = Math.log(-Math.expm1(count * Math.log1p(-single)));
      const got = largest(new Array<number>(count).fill(0), 'both').logSf(c, Infinity);
      expect(Math.abs(got / expected - 1)).toBeLessThan(1e-12);
    }
  });

  it('is that of a single statistic when all are the same, also far out', () => {
    for (const c of [0.5, 2, 20, 60]) {
      expect(overlapShare([1, 1, 1], 'both')(c)).toBeCloseTo(1 / 3, 10);
      const expected = studentT.logSf(c, 4) + Math.LN2;
      expect(largest([1, 1, 1], 'both').logSf(c, 4)).toBeCloseTo(expected, 9);
    }
  });

  it('is that of an orthant with the known angle', () => {
    // Sheppard (1899): P(Z1 > 0, Z2 > 0) = 1/4 + asin ρ / 2π
    for (const [a, b] of [
      [0.3, 0.9],
      [0.999, 0.9999],
      [0.5, 1],
    ] as const) {
      const expected = 1 - (0.25 + Math.asin(a * b) / (2 * Math.PI));
      expect(Math.exp(largest([a, b], 'upper').logSf(0, Infinity))).toBeCloseTo(expected, 10);
    }
  });

  it('averages over the variance to 1e-10 at 15 degrees of freedom', () => {
    // The same integral with a step of a third
    const loadings = [0.8703177690505981, 0.3917290925979614, 0.5918719530105591, 0.4850804567337036];
    const family = largest([...loadings, 0.5572097063064575, 0.7211533784866333], 'upper');
    expect(family.logSf(1.1477069556713104, 15)).toBeCloseTo(-0.8253869588, 9);
    expect(family.logSf(2.5, 15)).toBeCloseTo(-2.8696288426, 9);
  });

  it('crosses the gaps between what loadings of 0.3 and of 1 contribute, however wide', () => {
    for (const [c, digits] of [
      [40, 9],
      [1e3, 9],
      [9e5, 4],
    ] as const) {
      expect(overlapShare([1, 1, 0.3], 'both')(c)).toBeCloseTo(2 / 3, digits);
      expect(overlapShare([1, 1, 0.3], 'upper')(c)).toBeCloseTo(2 / 3, digits);
    }
  });

  it('agrees with a finer quadrature at loadings from 0.19 to 0.97 and near 1', () => {
    const mixed = [0.18651223182678223, 0.19983413815498352, 0.9254662394523621, 0.9685077667236328];
    expect(largest(mixed, 'both').logSf(2.734994888305664, Infinity)).toBeCloseTo(-3.8315512130616196, 9);
    const close = [
      0.9993226205695775, 0.9999887375622298, 0.999795233778686, 0.9992358330552205, 0.9999668544067538,
    ];
    expect(largest(close, 'upper').logSf(11.968477606773376, Infinity)).toBeCloseTo(-74.703426333334, 9);
  });

  it('lies between one statistic and Bonferroni, falls with c and is its own inverse', () => {
    const loadings = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
    const df = fc.constantFrom(1, 2.5, 7, 30, 400, 2000, 1e5, 1e9, Infinity);
    const alpha = fc.constantFrom(0.3, 0.05, 1e-3, 1e-12);
    fc.assert(
      fc.property(
        loadings,
        df,
        alpha,
        fc.constantFrom('both' as const, 'upper' as const),
        (all, n, p, sides) => {
          const family = largest(all, sides);
          const tail = sides === 'both' ? p / 2 : p;
          const c = family.isf(p, n);
          expect(c).toBeGreaterThanOrEqual(studentT.isf(tail, n) - 1e-8);
          expect(c).toBeLessThanOrEqual(studentT.isf(tail / all.length, n) * (1 + 1e-8) + 1e-8);
          expect(family.logSf(c, n)).toBeCloseTo(Math.log(p), 8);
          expect(family.logSf(c * 1.01, n)).toBeLessThan(Math.log(p));
        },
      ),
      runs,
    );
  });

  it('passes without a step from the two rules for the variance into the known one', () => {
    const family = largest([0.5, 0.7, 0.8], 'both');
    const [a, b] = [19_900, 20_100].map((df) => family.logSf(2.5, df));
    const slope = (family.logSf(2.5, 19_000) - family.logSf(2.5, 19_200)) / 200;
    expect(Math.abs(a! - b! - 200 * slope * (19_100 / 20_000) ** 2)).toBeLessThan(1e-8);
    expect(family.logSf(2.5, 1e13)).toBeCloseTo(family.logSf(2.5, Infinity), 10);
  });

  it("rests on Mills' ratio to 13 digits", () => {
    for (let a = 0; a < 30; a += 0.037) {
      const expected = normal.logSf(a) + 0.5 * a * a + 0.5 * Math.log(2 * Math.PI);
      expect(Math.abs(Math.log(quickMills(a)) - expected)).toBeLessThan(1e-13 + 1e-16 * a * a);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactBinomial } from '../../src/statistics/srm/exact-binomial.js';
import { heterogeneity } from '../../src/statistics/cohorts/heterogeneity.js';
import { isRefusal } from '../../src/statistics/result.js';
import { srm } from '../../src/statistics/srm/srm.js';
import { codeOf, must } from './arbitrary.js';

describe('heterogeneity', () => {
  const effects = fc.array(
    fc.record({
      value: fc.double({ min: -1, max: 1, noNaN: true }),
      se: fc.double({ min: 0.001, max: 1, noNaN: true }),
    }),
    { minLength: 2, maxLength: 8 },
  );

  it('keeps shrunken effects between the raw one and the mean, and surer than the raw one', () => {
    fc.assert(
      fc.property(effects, (cohorts) => {
        const { random, shrunk, tauSquared, iSquared } = must(heterogeneity(cohorts));
        expect(tauSquared).toBeGreaterThanOrEqual(0);
        expect(iSquared >= 0 && iSquared < 1).toBe(true);
        cohorts.forEach((cohort, i) => {
          const [low, high] = [Math.min(cohort.value, random.value), Math.max(cohort.value, random.value)];
          expect(shrunk[i]!.value).toBeGreaterThanOrEqual(low - 1e-12);
          expect(shrunk[i]!.value).toBeLessThanOrEqual(high + 1e-12);
          expect(shrunk[i]!.se).toBeLessThanOrEqual(cohort.se * (1 + 1e-12));
        });
      }),
    );
  });

  it('scales with the unit', () => {
    fc.assert(
      fc.property(effects, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (cohorts, unit) => {
        const plain = must(heterogeneity(cohorts));
        const scaled = must(
          heterogeneity(cohorts.map(({ value, se }) => ({ value: value * unit, se: se * unit }))),
        );
        expect(scaled.test.statistic).toBeCloseTo(plain.test.statistic, 6);
        expect(scaled.tauSquared / unit / unit).toBeCloseTo(plain.tauSquared, 6);
      }),
    );
  });

  it('finds the women of Hillstrom: the women’s mail works where women’s goods were bought', () => {
    const { test } = must(
      heterogeneity([
        { value: 0.0111, se: 0.0044 },
        { value: 0.0731, se: 0.0046 },
      ]),
    );
    expect(test.logP).toBeLessThan(Math.log(1e-20));
  });

  it('refuses one cohort or no standard error', () => {
    expect(codeOf(heterogeneity([{ value: 1, se: 1 }]))).toBe('too_few');
    expect(
      codeOf(
        heterogeneity([
          { value: 1, se: 0 },
          { value: 1, se: 1 },
        ]),
      ),
    ).toBe('invalid_input');
    expect(
      codeOf(
        heterogeneity([
          { value: NaN, se: 1 },
          { value: 1, se: 1 },
        ]),
      ),
    ).toBe('invalid_input');
  });
});

describe('srm', () => {
  it('finds no fault in Hillstrom', () => {
    const result = must(srm([21306n, 21307n, 21387n], [1, 1, 1]));
    expect(result.statistic).toBeCloseTo(0.20253, 5);
    expect(result.p).toBeCloseTo(0.9037, 4);
  });

  it('finds 821,588 against 815,482', () => {
    const result = must(srm([821588n, 815482n], [0.5, 0.5]));
    expect(result.p / 1.8217928726191873e-6).toBeCloseTo(1, 12);
    expect(result.residuals[0]).toBeCloseTo(4.772249872114238, 12);
  });

  it('does not care how weights are scaled, nor about arms of weight zero', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            count: fc.bigInt({ min: 50n, max: 10n ** 12n }),
            weight: fc.integer({ min: 1, max: 20 }),
          }),
          {
            minLength: 2,
            maxLength: 5,
          },
        ),
        (arms) => {
          const counts = arms.map((arm) => arm.count);
          const weights = arms.map((arm) => arm.weight);
          const plain = srm(counts, weights);
          if (isRefusal(plain)) throw new Error(plain.reason);
          fc.pre(plain.method === 'srm.chi_squared');
          expect(
            srm(
              counts,
              weights.map((w) => w * 2 ** -40),
            ),
          ).toEqual(plain);
          const wider = must(srm([...counts, 0n], [...weights, 0]));
          expect(wider).toEqual({ ...plain, residuals: [...plain.residuals, 0] });
        },
      ),
    );
  });

  it('is exact where few are expected', () => {
    const two = must(srm([0n, 8n], [1, 1]));
    expect(two.method).toBe('srm.exact');
    expect(two.p).toBeCloseTo(0.0078125, 14);
    // Three arms, four recipients, all in the first: 3 of 81 equally likely sequences are as extreme.
    const three = must(srm([4n, 0n, 0n], [1, 1, 1]));
    expect(three.p).toBeCloseTo(3 / 81, 14);
    expect(must(srm([2n, 2n, 2n], [1, 1, 1])).p).toBeCloseTo(1, 12);
    const rare = must(srm([7n, 999_999_993n], [1e-9, 1 - 1e-9]));
    expect(rare.method).toBe('srm.exact');
    // Poisson with mean 1: P(K >= 7).
    expect(rare.p / 8.324114928e-5).toBeCloseTo(1, 5);
  });

  it('refuses what has no answer', () => {
    expect(codeOf(srm([50n, 51n], [1, 0]))).toBe('zero_weight');
    expect(codeOf(srm([0n, 0n], [1, 1]))).toBe('too_few');
    expect(codeOf(srm([5n, 5n], [1, -1]))).toBe('invalid_input');
    expect(codeOf(srm([5n, 5n], [1]))).toBe('invalid_input');
    expect(codeOf(srm([5n, 0n], [1, 0]))).toBe('invalid_input');
    expect(codeOf(srm([-5n, 5n], [1, 1]))).toBe('invalid_input');
    expect(codeOf(srm([5n, 5n], [1, NaN]))).toBe('invalid_input');
    expect(codeOf(srm([1n, 10n ** 9n, 10n ** 9n], [1e-9, 1, 1]))).toBe('too_few');
  });
});

describe('exact binomial', () => {
  it('sums all counts that are no likelier', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.nat(),
        (n, p, seed) => {
          const pmf = Array.from({ length: n + 1 }, (_, k) => {
            let value = (1 - p) ** (n - k);
            for (let i = 1; i <= k; i += 1) value *= ((n - k + i) / i) * p;
            return value;
          });
          const k = seed % (n + 1);
          const expected = pmf
            .filter((value) => value <= pmf[k]! * (1 + 1e-7))
            .reduce((sum, value) => sum + value, 0);
          expect(must(exactBinomial(k, n, p)).p).toBeCloseTo(Math.min(1, expected), 10);
        },
      ),
      { numRuns: 500 },
    );
  });
});

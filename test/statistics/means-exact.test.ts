import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonShift, dyadic, inUnits } from '../../src/statistics/numerics/dyadic.js';
import { mean, variance } from '../../src/statistics/sums.js';
import { exactSums } from './conformance/moments.js';

const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('doubles as whole numbers', () => {
  it('lose nothing, whatever their size', () => {
    fc.assert(
      fc.property(anyDouble, (value) => {
        const { digits, shift } = dyadic(value);
        const half = Math.floor(shift / 2);
        // -0 becomes 0.
        expect(Number(digits) * 2 ** -half * 2 ** -(shift - half)).toBe(value + 0);
      }),
    );
    expect(dyadic(5e-324)).toEqual({ digits: 1n, shift: 1074 });
    expect(dyadic(1e22)).toEqual({ digits: 10n ** 22n, shift: 0 });
    expect(dyadic(-0.375)).toEqual({ digits: -3n, shift: 3 });
  });

  it('share a unit that keeps them whole, or far below the largest', () => {
    expect(commonShift([3, 0.5, -0.125])).toBe(3);
    expect(commonShift([1e300, 5e-324])).toBe(480 - 997);
    expect(commonShift([])).toBe(0);
    fc.assert(
      fc.property(fc.array(anyDouble, { minLength: 1 }), (values) => {
        const shift = commonShift(values);
        const largest = Math.max(...values.map(Math.abs));
        for (const value of values) {
          const error = Math.abs(Number(inUnits(value, shift)) * 2 ** -shift - value);
          expect(error).toBeLessThanOrEqual(largest * 2 ** -400);
        }
      }),
    );
  });
});

describe('sums from moments', () => {
  it('have the moments that were given, to the last digit', () => {
    const sizes = fc.integer({ min: 2, max: 10 ** 9 });
    const means = fc.oneof(
      fc.double({ min: -1e12, max: 1e12, noNaN: true }),
      fc.constantFrom(1e22, -1e-9, 0.1, 0),
    );
    const variances = fc.oneof(
      fc.double({ min: 1e-60, max: 1e12, noNaN: true }),
      fc.constantFrom(0, 1e-300, 1e-200),
    );
    fc.assert(
      fc.property(sizes, means, variances, (n, m, v) => {
        fc.pre(m === 0 || Math.abs(m) > 1e-80);
        const { arms, unit } = exactSums([{ n, mean: m, var: v }]);
        expect(mean(arms[0]!) * unit).toBe(m + 0);
        expect(variance(arms[0]!) * unit * unit).toBe(v);
      }),
    );
  });

  it('take the variance of one recipient for what it is, unknown', () => {
    const { arms } = exactSums([{ n: 1, mean: 3, var: NaN }]);
    expect(arms[0]).toMatchObject({ n: 1n, sum: 3n, sumSquares: 9n });
  });

  it('show impossible moments as impossible sums', () => {
    const { arms } = exactSums([{ n: 5, mean: 3, var: -1 }]);
    expect(arms[0]!.sumSquares * arms[0]!.n).toBeLessThan(arms[0]!.sum ** 2n);
    expect(() => exactSums([{ n: 2.5, mean: 3, var: 1 }])).toThrow('n must be a whole number');
    expect(() => exactSums([{ n: 2, mean: NaN, var: 1 }])).toThrow('mean must be a finite number');
  });
});

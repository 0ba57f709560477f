import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/statistics/argument-error.js';
import { chiSquared } from '../../src/statistics/distributions/chi-squared.js';
import { f } from '../../src/statistics/distributions/f.js';
import { noncentralChiSquared } from '../../src/statistics/distributions/noncentral-chi-squared.js';
import { noncentralF } from '../../src/statistics/distributions/noncentral-f.js';
import { noncentralT } from '../../src/statistics/distributions/noncentral-t.js';
import { normal } from '../../src/statistics/distributions/normal.js';
import { studentT } from '../../src/statistics/distributions/student-t.js';

function relative(got: number, expected: number): number {
  return got === expected ? 0 : Math.abs(got - expected) / Math.abs(expected);
}

const power = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((x) => 10 ** x);
const shape = power(-0.3, 9);

describe('50-digit values', () => {
  it.each([
    ['chi-squared', noncentralChiSquared.sf(104.63828301092468, 1, 5.931837303800576), 3.252479806537946e-15],
    [
      'chi-squared, far',
      noncentralChiSquared.logSf(312.1311674715538, 1, 46.93860818570924),
      -61.80190495967163,
    ],
    [
      'chi-squared, below',
      noncentralChiSquared.logCdf(78.8947045100879, 113.90220236684411, 0.7223814665581232),
      -5.393268728007889,
    ],
    ['F', noncentralF.cdf(0.006226566779724858, 2, 5, 6.060913776947573), 0.0003033620192934505],
    [
      'F, below',
      noncentralF.cdf(0.03519537023076293, 5.863300313050691, 2, 60.06798390964618),
      1.443975234615083e-15,
    ],
    ['F, far below', noncentralF.logCdf(0.004996660981052355, 997, 5, 70.25125707274043), -355.9910141254051],
    [
      'F, far above',
      noncentralF.logSf(4.881784335695218, 418.13181288270124, 2534.2630282668047, 0),
      -319.6766956530747,
    ],
    ['t', noncentralT.sf(3.680626478159809, 14938372.730998727, 3.7062592810074513), 0.5102249113622289],
    [
      't, opposite sign',
      noncentralT.sf(1.825189256179031, 2014138.0820122655, -0.2551597114288169),
      0.01874681801560555,
    ],
    ['t, far above', noncentralT.logSf(1.283908557760454, 2, -45.036012548017666), -1026.2739444394251],
    ['t, far below', noncentralT.logCdf(0.23695968265945, 5, 47.96446091336818), -1136.0350644587315],
    ['t, few degrees', noncentralT.sf(3.42090232077319, 0.7, -5.1951053345710045), 9.225145715246227e-9],
  ])('%s', (_name, got, expected) => {
    expect(relative(got, expected)).toBeLessThan(1e-12);
  });
});

describe('noncentral distributions', () => {
  it('are the central ones without noncentrality', () => {
    fc.assert(
      fc.property(power(-2, 2), shape, shape, (x, d1, d2) => {
        const [a, b] = [noncentralF.logSf(x, d1, d2, 0), f.logSf(x, d1, d2)];
        const [c, d] = [noncentralChiSquared.logCdf(x * d1, d1, 0), chiSquared.logCdf(x * d1, d1)];
        const [g, h] = [noncentralT.logSf(x, d1, 1e-300), studentT.logSf(x, d1)];
        return relative(a, b) < 1e-10 && relative(c, d) < 1e-10 && relative(g, h) < 1e-11;
      }),
    );
  });

  it('with one degree are two normal tails, however large the noncentrality', () => {
    fc.assert(
      fc.property(power(-3, 6), fc.double({ min: -30, max: 30, noNaN: true }), (mean, z) => {
        const root = Math.abs(mean + z);
        const [x, ncp] = [root * root, mean * mean];
        const expected = normal.sf(Math.sqrt(x) - Math.sqrt(ncp)) + normal.sf(Math.sqrt(x) + Math.sqrt(ncp));
        // The arguments themselves are rounded: a millionth of a millionth of a mean of 1e6 is much of a tail.
        const tolerance = 1e-11 + 1e-15 * mean * (Math.abs(z) + 1);
        return relative(noncentralChiSquared.sf(x, 1, ncp), expected) < tolerance;
      }),
    );
  });

  it('F with one degree is both tails of t', () => {
    fc.assert(
      fc.property(power(-2, 2), power(-0.3, 7), fc.double({ min: 0, max: 60, noNaN: true }), (t, df, ncp) => {
        const both = noncentralT.sf(t, df, ncp) + noncentralT.cdf(-t, df, ncp);
        return both < 1e-290 || relative(noncentralF.sf(t * t, 1, df, ncp * ncp), both) < 1e-10;
      }),
    );
  });

  it('have tails that make a whole, mirror each other and rise with the noncentrality', () => {
    const signed = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(signed, shape, signed, power(-2, 3), (t, df, ncp, x) => {
        const size = Math.abs(ncp);
        return (
          Math.abs(noncentralT.sf(t, df, ncp) + noncentralT.cdf(t, df, ncp) - 1) < 1e-12 &&
          noncentralT.sf(t, df, ncp) === noncentralT.cdf(-t, df, -ncp) &&
          noncentralT.sf(t, df, ncp + 0.1) >= noncentralT.sf(t, df, ncp) * (1 - 1e-12) &&
          noncentralChiSquared.sf(x, df, size + 0.1) >= noncentralChiSquared.sf(x, df, size) * (1 - 1e-10) &&
          Math.abs(noncentralF.sf(x, 3, df, size) + noncentralF.cdf(x, 3, df, size) - 1) < 1e-12
        );
      }),
    );
  });

  it('keep their digits far out, and where the mean of Z is not far from 0', () => {
    expect(relative(noncentralF.logSf(1e12, 3, 2, 0), f.logSf(1e12, 3, 2))).toBeLessThan(1e-14);
    expect(relative(noncentralF.sf(1e12, 3, 2, 0), f.sf(1e12, 3, 2))).toBeLessThan(1e-13);
    // P(T <= 10) has the part where the numerator is negative.
    expect(Math.abs(noncentralT.cdf(10, 0.5, 3) + noncentralT.sf(10, 0.5, 3) - 1)).toBeLessThan(1e-14);
    expect(noncentralT.cdf(1e5, 0.1, 1)).toBeGreaterThan(normal.cdf(-1));
  });

  it('reach their limits', () => {
    expect(relative(noncentralT.sf(2.5, Infinity, 1), normal.sf(1.5))).toBeLessThan(1e-15);
    expect(relative(noncentralT.sf(2.5, 1e14, 1), normal.sf(1.5))).toBeLessThan(1e-12);
    expect(noncentralF.sf(2, 3, Infinity, 4)).toBe(noncentralChiSquared.sf(6, 3, 4));
    expect(noncentralT.sf(Infinity, 3, 1)).toBe(0);
    expect(noncentralT.sf(-Infinity, 3, 1)).toBe(1);
    expect(relative(noncentralT.sf(0, 3, 1), normal.sf(-1))).toBeLessThan(1e-15);
    expect(noncentralChiSquared.sf(0, 3, 1)).toBe(1);
    expect(noncentralChiSquared.cdf(-1, 3, 1)).toBe(0);
    expect(noncentralF.sf(Infinity, 3, 4, 1)).toBe(0);
  });

  it('name the argument at fault', () => {
    expect(() => noncentralT.sf(1, 0, 1)).toThrow('df must');
    expect(() => noncentralT.sf(1, 3, Infinity)).toThrow('ncp must');
    expect(() => noncentralChiSquared.sf(1, 3, -1)).toThrow('ncp must');
    expect(() => noncentralF.sf(NaN, 3, 4, 1)).toThrow(ArgumentError);
    expect(() => noncentralF.sf(1, 3, 0.1, 1)).toThrow('d2 must');
  });
});

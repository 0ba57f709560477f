import { continuedFraction } from './continued-fraction.js';
import { deviance } from './deviance.js';
import { stirlingError } from './stirling-error.js';
import { allAbove, allBelow, flipTails, tailsFromLogLower, undefinedTails, type Tails } from './tails.js';

/** log(x^a y^b / B(a, b)): the beta density times x y, with y = 1 - x given apart. */
export function logBetaKernel(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  return (
    0.5 * (Math.log(a) + Math.log(b / n) - Math.log(2 * Math.PI)) +
    (stirlingError(n) - stirlingError(a) - stirlingError(b)) -
    deviance(a, n * x) -
    deviance(b, n * y)
  );
}

/**
 * Regularised incomplete beta function I_x(a, b), both tails with logarithms; a, b > 0 (up to 1e9 and beyond).
 * Takes x and y = 1 - x as two numbers, because one of them is always known better than the other's complement.
 * Continued fraction of Didonato & Morris (1992, TOMS 708, BFRAC); prefactor after Loader (2000).
 */
export function incompleteBeta(a: number, b: number, x: number, y: number): Tails {
  if (!(a > 0 && b > 0 && a + b < Infinity) || Number.isNaN(x) || Number.isNaN(y)) return undefinedTails;
  if (x <= 0) return allAbove;
  if (y <= 0) return allBelow;
  const kernel = logBetaKernel(a, b, x, y);
  const lambda = a > b ? (a + b) * y - b : a - (a + b) * x;
  if (lambda >= 0) return tailsFromLogLower(kernel + Math.log(fraction(a, b, x, y, lambda)));
  return flipTails(tailsFromLogLower(kernel + Math.log(fraction(b, a, y, x, -lambda))));
}

/** TOMS 708, equation 9; lambda = a - (a + b) x >= 0. */
function fraction(a: number, b: number, x: number, y: number, lambda: number): number {
  const denominator = (m: number) => {
    const common = ((a + m) / (a + 2 * m + 1)) * (lambda + 1 + m * (1 + y));
    // The other two terms are zero for m = 0, and 0/0 if a = 1 as well.
    return m === 0 ? common : common + m + (m * (b - m) * x) / (a + 2 * m - 1);
  };
  const numerator = (m: number) => {
    const odd = a + 2 * m - 1;
    return ((((a + m - 1) / odd) * (a + b + m - 1)) / odd) * m * (b - m) * x * x;
  };
  return continuedFraction(denominator, numerator);
}

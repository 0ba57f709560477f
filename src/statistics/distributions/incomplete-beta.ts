import { deviance } from './deviance.js';
import { meanExcess } from './exact-product.js';
import { noncentralTails, type SaddlePoint } from './noncentral-tails.js';
import { stirlingError } from './stirling-error.js';
import { allAbove, allBelow, flipTails, tailsFromLogLower, type Tails } from './tails.js';

/** Above this the continued fraction takes longer than the saddle point. */
const MANY = 1e4;
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** The part of `logBetaKernel` that x does not change. */
export function logBetaConstant(a: number, b: number): number {
  const n = a + b;
  return (
    0.5 * Math.log(a * (b / n)) - HALF_LOG_TWO_PI + (stirlingError(n) - stirlingError(a) - stirlingError(b))
  );
}

/**
 * log(x^a y^b / B(a, b)): the beta density times x y, with y = 1 - x given apart. `lambda` is a - (a + b) x, for
 * callers who know it with more digits than that difference keeps; `constant` spares those who ask often.
 */
export function logBetaKernel(
  a: number,
  b: number,
  x: number,
  y: number,
  lambda = excessAt(a, b, x, y),
  constant = logBetaConstant(a, b),
): number {
  const n = a + b;
  return constant - deviance(a, n * x, lambda) - deviance(b, n * y, -lambda);
}

/**
 * Regularised incomplete beta function I_x(a, b), both tails with logarithms; a, b > 0 (up to 1e9 and beyond).
 * Takes x and y = 1 - x as two numbers, because one of them is always known better than the other's complement;
 * `lambda` and `constant` as above.
 * Shapes that are both above 10,000 are left to the saddle point, whose cost does not grow with them.
 * Continued fraction of Didonato & Morris (1992, TOMS 708, BFRAC); prefactor after Loader (2000).
 */
export function incompleteBeta(
  a: number,
  b: number,
  x: number,
  y: number,
  lambda = excessAt(a, b, x, y),
  constant = logBetaConstant(a, b),
): Tails {
  if (x <= 0) return allAbove;
  if (y <= 0) return allBelow;
  if (Math.min(a, b) > MANY) return noncentralTails(betaPoint(a, b, x, y, lambda));
  const kernel = logBetaKernel(a, b, x, y, lambda, constant);
  if (lambda >= 0) return tailsFromLogLower(kernel + Math.log(fraction(a, b, x, y, lambda)));
  return flipTails(tailsFromLogLower(kernel + Math.log(fraction(b, a, y, x, -lambda))));
}

/** b X / (a Y) of a beta variable X and Y = 1 - X is an F variable without noncentrality. */
function betaPoint(a: number, b: number, x: number, y: number, lambda: number): SaddlePoint {
  const n = a + b;
  return {
    d1: 2 * a,
    d2: 2 * b,
    ncp: 0,
    rise: -lambda / a,
    onePlusRise: (n / a) * x,
    slope: a / b,
    fall: (n / b) * y,
  };
}

function excessAt(a: number, b: number, x: number, y: number): number {
  return x <= y ? meanExcess(a, b, x) : -meanExcess(b, a, y);
}

/**
 * TOMS 708, equation 9, by Lentz's method (Thompson & Barnett 1986) as far as doubles carry it; lambda >= 0. The steps
 * grow with the square root of the shapes and are not capped.
 */
function fraction(a: number, b: number, x: number, y: number, lambda: number): number {
  const step = 1 + y;
  let inverse = 1 / (a + 1);
  // The term for m = 0 on its own: another form of it is 0/0 if a = 1.
  let value = 1 / (a * inverse * (lambda + 1));
  let [c, d, previous] = [Infinity, value, Infinity];
  for (let m = 1; ; m += 1) {
    const before = inverse;
    inverse = 1 / (a + 2 * m + 1);
    const w = m * (b - m) * x * before;
    const numerator = (a + m - 1) * before * (a + b + m - 1) * x * w;
    const denominator = (a + m) * inverse * (lambda + 1 + m * step) + m + w;
    d = 1 / (numerator * d + denominator);
    c = denominator + numerator / c;
    const factor = c * d;
    value *= factor;
    const change = Math.abs(factor - 1);
    // At the end the factors no longer shrink but dance around 1 by a rounding or two.
    if (change <= 2.3e-16 || (change < 1e-14 && change >= previous) || Number.isNaN(change)) return value;
    previous = change;
  }
}

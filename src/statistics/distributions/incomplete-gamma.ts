import { deviance } from './deviance.js';
import { noncentralTails, type SaddlePoint } from './noncentral-tails.js';
import { stirlingError } from './stirling-error.js';
import { allAbove, allBelow, flipTails, tailsFromLogLower, type Tails } from './tails.js';

/** Above this the continued fraction takes longer than the saddle point. */
const MANY = 1e4;

/** log(x^a e^-x / Γ(a)): the gamma density times x. */
export function logGammaKernel(a: number, x: number): number {
  return 0.5 * Math.log(a / (2 * Math.PI)) - stirlingError(a) - deviance(a, x);
}

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x), a > 0, x >= 0, both tails with logarithms.
 * Power series below a + 1, Legendre's continued fraction (modified Lentz) above; the number of steps grows
 * with √a, so that shapes above 10,000 are left to the saddle point, which does not care how large they are.
 * Source: DLMF 8.11.4 and 8.9.2, prefactor after Loader (2000).
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (x <= 0) return allAbove;
  if (x === Infinity) return allBelow;
  if (a > MANY) return noncentralTails(gammaPoint(a, x));
  const kernel = logGammaKernel(a, x);
  if (x < a + 1) return tailsFromLogLower(kernel + Math.log(lowerSeries(a, x) / a));
  return flipTails(tailsFromLogLower(kernel + Math.log(upperFraction(a, x))));
}

/** The gamma distribution is half a chi-squared one without noncentrality. */
function gammaPoint(a: number, x: number): SaddlePoint {
  return { d1: 2 * a, d2: Infinity, ncp: 0, rise: (x - a) / a, onePlusRise: x / a, slope: 0, fall: 1 };
}

/** 1 + x/(a+1) + x²/((a+1)(a+2)) + ... */
function lowerSeries(a: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; ; k += 1) {
    term *= x / (a + k);
    const next = sum + term;
    if (next === sum || Number.isNaN(next)) return sum;
    sum = next;
  }
}

/** 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))), by Lentz's method as far as doubles carry it. */
function upperFraction(a: number, x: number): number {
  let denominator = x + 1 - a;
  let value = 1 / denominator;
  let [c, d, previous] = [Infinity, value, Infinity];
  for (let k = 1; ; k += 1) {
    const numerator = k * (a - k);
    denominator += 2;
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

import { continuedFraction } from './continued-fraction.js';
import { deviance } from './deviance.js';
import { stirlingError } from './stirling-error.js';
import { allAbove, allBelow, flipTails, tailsFromLogLower, undefinedTails, type Tails } from './tails.js';

/** log(x^a e^-x / Γ(a)): the gamma density times x. */
export function logGammaKernel(a: number, x: number): number {
  return 0.5 * Math.log(a / (2 * Math.PI)) - stirlingError(a) - deviance(a, x);
}

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x), a > 0, x >= 0, both tails with logarithms.
 * Power series below a + 1, Legendre's continued fraction (modified Lentz) above; the number of steps grows
 * with √a and is not capped, so a may be 1e9. Source: DLMF 8.11.4 and 8.9.2, prefactor after Loader (2000).
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (!(a > 0) || Number.isNaN(x) || a === Infinity) return undefinedTails;
  if (x <= 0) return allAbove;
  if (x === Infinity) return allBelow;
  const kernel = logGammaKernel(a, x);
  if (x < a + 1) return tailsFromLogLower(kernel + Math.log(lowerSeries(a, x) / a));
  return flipTails(tailsFromLogLower(kernel + Math.log(upperFraction(a, x))));
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

/** 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))) */
function upperFraction(a: number, x: number): number {
  return continuedFraction(
    (k) => x + 2 * k + 1 - a,
    (k) => -k * (k - a),
  );
}

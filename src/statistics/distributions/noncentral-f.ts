import { ArgumentError } from '../argument-error.js';
import { noncentralChiSquaredTails } from './noncentral-chi-squared.js';
import { noncentralTails } from './noncentral-tails.js';
import { requireNoncentrality, requireNumber, requirePathShape } from './require.js';
import { allAbove, allBelow, type Tails } from './tails.js';

/**
 * The noncentral F distribution: (χ²(d1, ncp)/d1) / (χ²(d2)/d2), real d1 >= 0.1,
 * d2 >= 0.5 (or Infinity), ncp >= 0; all of them up to 1e15.
 */
export const noncentralF = {
  /** P(F <= x). */
  cdf: (x: number, d1: number, d2: number, ncp: number): number => tails(x, d1, d2, ncp).lower,
  /** P(F > x). */
  sf: (x: number, d1: number, d2: number, ncp: number): number => tails(x, d1, d2, ncp).upper,
  /** log P(F <= x). */
  logCdf: (x: number, d1: number, d2: number, ncp: number): number => tails(x, d1, d2, ncp).logLower,
  /** log P(F > x). */
  logSf: (x: number, d1: number, d2: number, ncp: number): number => tails(x, d1, d2, ncp).logUpper,
} as const;

function tails(x: number, d1: number, d2: number, ncp: number): Tails {
  requireNumber('x', x);
  requirePathShape('d1', d1);
  if (!(d2 >= 0.5)) throw new ArgumentError('d2', 'must be 0.5 or more');
  requireNoncentrality(ncp, 0);
  if (x <= 0) return allAbove;
  if (x === Infinity) return allBelow;
  if (d2 > 1e15) return noncentralChiSquaredTails(x * d1, d1, ncp);
  // With g = c / (1 + c) and c = x d1 / d2, the saddle point solves (ncp R + d1) (R - g) = d2 g for R = 1 + rise.
  const inverse = d2 / d1 / x;
  const g = 1 / (1 + inverse);
  const rest = inverse === Infinity ? 1 : inverse / (1 + inverse);
  const b = d1 - ncp * g;
  const root = Math.hypot(b, 2 * Math.sqrt(ncp * g) * Math.sqrt(d1 + d2));
  const onePlusRise = b > 0 ? (2 * g * (d1 + d2)) / (b + root) : (root - b) / (2 * ncp);
  const excess = inverse > 1e-9 ? rest * ((x - 1) * d1 - ncp) : d2 * g - rest * (d1 + ncp);
  const rise = (2 * excess) / (ncp * (1 + rest) + d1 + root);
  const slope = (ncp * onePlusRise + d1) / d2;
  const fall = slope * rise < 0.5 ? 1 - slope * rise : onePlusRise * slope * inverse;
  return noncentralTails({ d1, d2, ncp, rise, onePlusRise, slope, fall });
}

import { betaLogitQuantile } from './beta.js';
import { incompleteBeta } from './incomplete-beta.js';
import type { Tails } from './tails.js';

/** The F distribution with real degrees of freedom d1, d2 > 0, up to 1e9 and beyond. */
export const f = {
  /** P(F <= x). */
  cdf: (x: number, d1: number, d2: number): number => tails(x, d1, d2).lower,
  /** P(F > x). */
  sf: (x: number, d1: number, d2: number): number => tails(x, d1, d2).upper,
  /** log P(F <= x). */
  logCdf: (x: number, d1: number, d2: number): number => tails(x, d1, d2).logLower,
  /** log P(F > x). */
  logSf: (x: number, d1: number, d2: number): number => tails(x, d1, d2).logUpper,
  /** x with P(F <= x) = p, p in [0, 1]. */
  quantile: (p: number, d1: number, d2: number): number =>
    (d2 / d1) * Math.exp(betaLogitQuantile(d1 / 2, d2 / 2, p, 'lower')),
  /** x with P(F > x) = p, p in [0, 1]. */
  isf: (p: number, d1: number, d2: number): number =>
    (d2 / d1) * Math.exp(betaLogitQuantile(d1 / 2, d2 / 2, p, 'upper')),
} as const;

function tails(x: number, d1: number, d2: number): Tails {
  const odds = Math.max(0, (d1 / d2) * x);
  const y = odds === Infinity ? 1 : odds / (1 + odds);
  return incompleteBeta(d1 / 2, d2 / 2, y, 1 / (1 + odds));
}

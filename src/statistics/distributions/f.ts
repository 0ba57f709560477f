import { betaLogitQuantile } from './beta.js';
import { chiSquared } from './chi-squared.js';
import { incompleteBeta } from './incomplete-beta.js';
import { incompleteGamma } from './incomplete-gamma.js';
import { requireNumber, requireProbability, requireShape, shapeOrInfinity } from './require.js';
import { allAbove, allBelow, type Tails } from './tails.js';

/** The F distribution with real degrees of freedom d1, d2 > 0, up to 1e15; d2 may be Infinity. */
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
  quantile: (p: number, d1: number, d2: number): number => quantile(p, d1, d2, 'lower'),
  /** x with P(F > x) = p, p in [0, 1]. */
  isf: (p: number, d1: number, d2: number): number => quantile(p, d1, d2, 'upper'),
} as const;

function tails(x: number, d1: number, d2: number): Tails {
  requireNumber('x', x);
  requireShape('d1', d1);
  const below = shapeOrInfinity('d2', d2);
  if (x <= 0) return allAbove;
  if (x === Infinity) return allBelow;
  if (below === Infinity) return incompleteGamma(d1 / 2, (d1 / 2) * x);
  // Divided through by x where it is large, because d1 x may overflow.
  const [one, times] = x > 1 ? [1 / x, d1 / d2] : [1, (d1 / d2) * x];
  const whole = one + times;
  const excess = (0.5 * d1 * (x > 1 ? 1 / x - 1 : 1 - x)) / whole;
  return incompleteBeta(d1 / 2, d2 / 2, times / whole, one / whole, excess);
}

function quantile(p: number, d1: number, d2: number, side: 'lower' | 'upper'): number {
  requireProbability(p);
  requireShape('d1', d1);
  const below = shapeOrInfinity('d2', d2);
  if (below === Infinity) return (side === 'lower' ? chiSquared.quantile(p, d1) : chiSquared.isf(p, d1)) / d1;
  return (d2 / d1) * Math.exp(betaLogitQuantile(d1 / 2, d2 / 2, p, side));
}

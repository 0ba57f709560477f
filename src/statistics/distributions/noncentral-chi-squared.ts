import { noncentralTails } from './noncentral-tails.js';
import { requireNoncentrality, requireNumber, requirePathShape } from './require.js';
import { allAbove, allBelow, type Tails } from './tails.js';

/**
 * The noncentral chi-squared distribution with real df from 0.1 and noncentrality ncp from 0, both up to 1e15: for
 * whole df the sum of squares of df normal values with variance 1 whose squared means add up to ncp.
 */
export const noncentralChiSquared = {
  /** P(X <= x). */
  cdf: (x: number, df: number, ncp: number): number => noncentralChiSquaredTails(x, df, ncp).lower,
  /** P(X > x). */
  sf: (x: number, df: number, ncp: number): number => noncentralChiSquaredTails(x, df, ncp).upper,
  /** log P(X <= x). */
  logCdf: (x: number, df: number, ncp: number): number => noncentralChiSquaredTails(x, df, ncp).logLower,
  /** log P(X > x). */
  logSf: (x: number, df: number, ncp: number): number => noncentralChiSquaredTails(x, df, ncp).logUpper,
} as const;

export function noncentralChiSquaredTails(x: number, df: number, ncp: number): Tails {
  requireNumber('x', x);
  requirePathShape('df', df);
  requireNoncentrality(ncp, 0);
  if (x <= 0) return allAbove;
  if (x > 1e300) return allBelow;
  // ncp (1 + rise)² + df (1 + rise) = x
  const root = Math.hypot(df, 2 * Math.sqrt(ncp) * Math.sqrt(x));
  const onePlusRise = (2 * x) / (df + root);
  const rise = (2 * (x - df - ncp)) / (2 * ncp + df + root);
  return noncentralTails({ d1: df, d2: Infinity, ncp, rise, onePlusRise, slope: 0, fall: 1 });
}

import { incompleteGamma, logGammaKernel } from './incomplete-gamma.js';
import { normalUpperQuantile } from './normal-quantile.js';
import { requireNumber, requireShape, requireProbability } from './require.js';
import { solveLogTail } from './solve-log-tail.js';
import type { Tails } from './tails.js';

/** The chi-squared distribution with real df > 0, up to 1e15. */
export const chiSquared = {
  /** P(X <= x). */
  cdf: (x: number, df: number): number => tails(x, df).lower,
  /** P(X > x). */
  sf: (x: number, df: number): number => tails(x, df).upper,
  /** log P(X <= x). */
  logCdf: (x: number, df: number): number => tails(x, df).logLower,
  /** log P(X > x). */
  logSf: (x: number, df: number): number => tails(x, df).logUpper,
  /** x with P(X <= x) = p, p in [0, 1]. */
  quantile: (p: number, df: number): number => quantile(p, df, 'lower'),
  /** x with P(X > x) = p, p in [0, 1]. */
  isf: (p: number, df: number): number => quantile(p, df, 'upper'),
} as const;

function tails(x: number, df: number): Tails {
  requireNumber('x', x);
  requireShape('df', df);
  return incompleteGamma(df / 2, x / 2);
}

function quantile(p: number, df: number, side: 'lower' | 'upper'): number {
  requireProbability(p);
  requireShape('df', df);
  // 1 - p loses nothing above one half.
  return p > 0.5 ? invert(1 - p, df, side === 'lower' ? 'upper' : 'lower') : invert(p, df, side);
}

/** Newton on the log tail as a function of log x (mirrored for the upper tail); p <= 0.5. */
function invert(p: number, df: number, side: 'lower' | 'upper'): number {
  if (p === 0) return side === 'lower' ? 0 : Infinity;
  const a = df / 2;
  const target = Math.log(p);
  const z = normalUpperQuantile(p);
  const mirror = side === 'lower' ? 1 : -1;
  const at = (s: number) => {
    const x = Math.exp(mirror * s);
    const both = incompleteGamma(a, x);
    const log = side === 'lower' ? both.logLower : both.logUpper;
    return { value: log - target, derivative: Math.exp(logGammaKernel(a, x) - log) };
  };
  return 2 * Math.exp(mirror * solveLogTail(at, mirror * logGuess(a, side === 'lower' ? -z : z), -700));
}

/**
 * A first guess of the gamma quantile's logarithm, from its nearly normal cube root; Wilson & Hilferty (1931), PNAS 17.
 */
function logGuess(a: number, z: number): number {
  const c = 1 / (9 * a);
  const cubeRoot = 1 - c + z * Math.sqrt(c);
  return Math.log(a) + (cubeRoot > 0.05 ? 3 * Math.log(cubeRoot) : 0);
}

import { logistic } from '../numerics/logistic.js';
import { incompleteBeta, logBetaConstant, logBetaKernel } from './incomplete-beta.js';
import { normalUpperQuantile } from './normal-quantile.js';
import { requireNumber, requireShape, requireProbability } from './require.js';
import { solveLogTail } from './solve-log-tail.js';
import type { Tails } from './tails.js';

/** The beta distribution on [0, 1] with shapes a, b > 0, up to 1e15. */
export const beta = {
  /** P(X <= x). */
  cdf: (x: number, a: number, b: number): number => tails(x, a, b).lower,
  /** P(X > x). */
  sf: (x: number, a: number, b: number): number => tails(x, a, b).upper,
  /** log P(X <= x). */
  logCdf: (x: number, a: number, b: number): number => tails(x, a, b).logLower,
  /** log P(X > x). */
  logSf: (x: number, a: number, b: number): number => tails(x, a, b).logUpper,
  /** x with P(X <= x) = p, p in [0, 1]. */
  quantile: (p: number, a: number, b: number): number => quantile(p, a, b, 'lower'),
  /** x with P(X > x) = p, p in [0, 1]. */
  isf: (p: number, a: number, b: number): number => quantile(p, a, b, 'upper'),
} as const;

function tails(x: number, a: number, b: number): Tails {
  requireNumber('x', x);
  requireShape('a', a);
  requireShape('b', b);
  return incompleteBeta(a, b, x, 1 - x);
}

function quantile(p: number, a: number, b: number, side: 'lower' | 'upper'): number {
  requireProbability(p);
  requireShape('a', a);
  requireShape('b', b);
  return logistic(betaLogitQuantile(a, b, p, side));
}

/** log(x / (1 - x)) of the point with tail `p` on the given side: the form F and t quantiles are made from. */
export function betaLogitQuantile(a: number, b: number, p: number, side: 'lower' | 'upper'): number {
  if (side === 'upper') return -betaLogitQuantile(b, a, p, 'lower');
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p > 0.5) return -lowerLogit(b, a, 1 - p); // exact for p in [0.5, 1]
  return lowerLogit(a, b, p);
}

function lowerLogit(a: number, b: number, p: number): number {
  const target = Math.log(p);
  // Where x is below 1e-260 the tail is its leading term x^a / (a B(a, b)).
  const constant = logBetaConstant(a, b);
  const logBeta = (a + b) * Math.log(0.5) - logBetaKernel(a, b, 0.5, 0.5);
  const far = (target + Math.log(a) + logBeta) / a;
  if (far < -600) return far;
  const farAbove = (Math.log1p(-p) + Math.log(b) + logBeta) / b;
  if (farAbove < -600) return -farAbove;
  const mean = Math.log(a / b);
  const at = (s: number) => {
    const x = logistic(s);
    const y = logistic(-s);
    const excess = -a * Math.expm1(s - mean) * y;
    const log = incompleteBeta(a, b, x, y, excess, constant).logLower;
    return { value: log - target, derivative: Math.exp(logBetaKernel(a, b, x, y, excess, constant) - log) };
  };
  return solveLogTail(at, logitGuess(a, b, p) ?? Math.min(mean, far), -700);
}

/**
 * A first guess of the quantile's logit, with error of a few per cent in the middle: that of the F variable b X / (a Y)
 * from its nearly normal cube root; Paulson (1942), Annals of Mathematical Statistics 13.
 */
function logitGuess(a: number, b: number, p: number): number | undefined {
  const z = -normalUpperQuantile(p);
  const [c1, c2] = [1 / (9 * a), 1 / (9 * b)];
  const [b1, b2] = [1 - c1, 1 - c2];
  const denominator = b2 * b2 - z * z * c2;
  const root = Math.sqrt(c1 * b2 * b2 + c2 * b1 * b1 - z * z * c1 * c2);
  const cubeRoot = (b1 * b2 + z * root) / denominator;
  return cubeRoot > 0.05 && denominator > 0.05 ? 3 * Math.log(cubeRoot) + Math.log(a / b) : undefined;
}

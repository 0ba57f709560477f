import { incompleteBeta, logBetaKernel } from './incomplete-beta.js';
import { solveLogTail } from './solve-log-tail.js';

/** The beta distribution on [0, 1] with shapes a, b > 0, up to 1e9 and beyond. */
export const beta = {
  /** P(X <= x). */
  cdf: (x: number, a: number, b: number): number => incompleteBeta(a, b, x, 1 - x).lower,
  /** P(X > x). */
  sf: (x: number, a: number, b: number): number => incompleteBeta(a, b, x, 1 - x).upper,
  /** log P(X <= x). */
  logCdf: (x: number, a: number, b: number): number => incompleteBeta(a, b, x, 1 - x).logLower,
  /** log P(X > x). */
  logSf: (x: number, a: number, b: number): number => incompleteBeta(a, b, x, 1 - x).logUpper,
  /** x with P(X <= x) = p, p in [0, 1]. */
  quantile: (p: number, a: number, b: number): number => fromLogit(betaLogitQuantile(a, b, p, 'lower')),
  /** x with P(X > x) = p, p in [0, 1]. */
  isf: (p: number, a: number, b: number): number => fromLogit(betaLogitQuantile(a, b, p, 'upper')),
} as const;

/** log(x / (1 - x)) of the point with tail `p` on the given side: the form F and t quantiles are made from. */
export function betaLogitQuantile(a: number, b: number, p: number, side: 'lower' | 'upper'): number {
  if (!(p >= 0 && p <= 1 && a > 0 && b > 0 && a + b < Infinity)) return NaN;
  if (side === 'upper') return -betaLogitQuantile(b, a, p, 'lower');
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p > 0.5) return -lowerLogit(b, a, 1 - p); // exact for p in [0.5, 1]
  return lowerLogit(a, b, p);
}

function lowerLogit(a: number, b: number, p: number): number {
  const target = Math.log(p);
  // Where x is below 1e-260 the tail is its leading term x^a / (a B(a, b)).
  const logBeta = (a + b) * Math.log(0.5) - logBetaKernel(a, b, 0.5, 0.5);
  const far = (target + Math.log(a) + logBeta) / a;
  if (far < -600) return far;
  const at = (s: number) => {
    const x = fromLogit(s);
    const y = fromLogit(-s);
    const log = incompleteBeta(a, b, x, y).logLower;
    return { value: log - target, derivative: Math.exp(logBetaKernel(a, b, x, y) - log) };
  };
  return solveLogTail(at, Math.log(a / b), -700);
}

function fromLogit(s: number): number {
  return s > 0 ? 1 / (1 + Math.exp(-s)) : Math.exp(s) / (1 + Math.exp(s));
}

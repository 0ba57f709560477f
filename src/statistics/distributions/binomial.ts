import { firstWhole } from '../numerics/first-whole.js';
import { deviance } from './deviance.js';
import { meanExcess } from './exact-product.js';
import { incompleteBeta } from './incomplete-beta.js';
import { normalUpperQuantile } from './normal-quantile.js';
import { requireNumber, requireProbability, requireTrials } from './require.js';
import { stirlingError } from './stirling-error.js';

/**
 * The binomial distribution of successes among n with probability p in [0, 1] each; n whole, 0 to 1e15. Real k count as
 * the whole number below.
 */
export const binomial = {
  /** P(K <= k). */
  cdf: (k: number, n: number, p: number): number => Math.exp(logCdf(k, n, p)),
  /** P(K > k). */
  sf: (k: number, n: number, p: number): number => Math.exp(logSf(k, n, p)),
  /** log P(K <= k). */
  logCdf,
  /** log P(K > k). */
  logSf,
  /** log P(K = k), k whole; Loader (2000). */
  logPmf,
  /** Smallest k with P(K <= k) >= probability. */
  quantile: (probability: number, n: number, p: number): number => {
    requireProbability(probability);
    const target = Math.log(probability);
    return smallest(n, p, probability, (k) => logCdf(k, n, p) >= target);
  },
  /** Smallest k with P(K > k) <= probability. */
  isf: (probability: number, n: number, p: number): number => {
    requireProbability(probability);
    const target = Math.log(probability);
    return smallest(n, p, 1 - probability, (k) => logSf(k, n, p) <= target);
  },
} as const;

function logCdf(k: number, n: number, p: number): number {
  requireArguments(k, n, p);
  const whole = Math.floor(k);
  if (whole < 0) return -Infinity;
  if (whole >= n || p === 0) return 0;
  return p === 1 ? -Infinity : incompleteBeta(whole + 1, n - whole, p, 1 - p).logUpper;
}

function logSf(k: number, n: number, p: number): number {
  requireArguments(k, n, p);
  const whole = Math.floor(k);
  if (whole < 0) return 0;
  if (whole >= n || p === 0) return -Infinity;
  return p === 1 ? 0 : incompleteBeta(whole + 1, n - whole, p, 1 - p).logLower;
}

function requireArguments(k: number, n: number, p: number): void {
  requireNumber('k', k);
  requireTrials(n);
  requireProbability(p);
}

/**
 * Smallest k in 0..n for which `reached` holds; it holds from there on, and for n. Bisection between strides from a
 * guess.
 */
function smallest(n: number, p: number, probability: number, reached: (k: number) => boolean): number {
  requireArguments(0, n, p);
  const deviate = normalUpperQuantile(Math.min(Math.max(1 - probability, 1e-16), 1 - 1e-16));
  const guess = Math.floor(n * p + deviate * Math.sqrt(n * p * (1 - p)));
  let high = Math.max(0, Math.min(n, guess));
  let low = high - 1;
  for (let stride = 1; high < n && !reached(high); stride *= 2)
    [low, high] = [high, Math.min(n, high + stride)];
  for (let stride = 1; low >= 0 && reached(low); stride *= 2) [high, low] = [low, Math.max(-1, low - stride)];
  return firstWhole(reached, low, high);
}

function logPmf(k: number, n: number, p: number): number {
  requireArguments(k, n, p);
  if (k < 0 || k > n || !Number.isInteger(k)) return -Infinity;
  if (k === 0) return n === 0 ? 0 : n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  if (p === 0 || p === 1) return -Infinity;
  const excess = meanExcess(k, n - k, p);
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * p, excess) -
    deviance(n - k, n * (1 - p), -excess) +
    0.5 * Math.log(n / (2 * Math.PI * k * (n - k)))
  );
}

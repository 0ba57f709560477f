import { deviance } from './deviance.js';
import { incompleteBeta } from './incomplete-beta.js';
import { stirlingError } from './stirling-error.js';

/** The binomial distribution of k successes among n with probability p in (0, 1); k and n whole, n up to 1e15. */
export const binomial = {
  /** P(K <= k). */
  cdf: (k: number, n: number, p: number): number => Math.exp(logCdf(k, n, p)),
  /** P(K > k). */
  sf: (k: number, n: number, p: number): number => Math.exp(logSf(k, n, p)),
  /** log P(K <= k). */
  logCdf,
  /** log P(K > k). */
  logSf,
  /** log P(K = k); Loader (2000). */
  logPmf,
} as const;

function logCdf(k: number, n: number, p: number): number {
  if (k < 0) return -Infinity;
  return k >= n ? 0 : incompleteBeta(k + 1, n - k, p, 1 - p).logUpper;
}

function logSf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? -Infinity : incompleteBeta(k + 1, n - k, p, 1 - p).logLower;
}

function logPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return -Infinity;
  if (k === 0) return n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * p) -
    deviance(n - k, n * (1 - p)) +
    0.5 * Math.log(n / (2 * Math.PI * k * (n - k)))
  );
}

import { binomial } from '../distributions/binomial.js';

/** A tail that meets its bound exactly must not miss it by a rounding. */
const FUZZ = 1e-13;

/**
 * The smallest k with P(K <= k) >= tail ('lower') or P(K > k) <= tail ('upper'), for K of n trials with the given
 * probability in [0, 1]; tail in (0, 0.5].
 */
export function binomialQuantile(
  tail: number,
  side: 'lower' | 'upper',
  n: number,
  probability: number,
): number {
  if (probability === 0 || probability === 1) return probability * n;
  const bound = Math.log(tail);
  const reached =
    side === 'lower'
      ? (k: number) => binomial.logCdf(k, n, probability) >= bound - FUZZ
      : (k: number) => binomial.logSf(k, n, probability) <= bound + FUZZ;
  let [before, k] = [-1, n];
  while (k - before > 1) {
    const middle = Math.floor((before + k) / 2);
    if (reached(middle)) k = middle;
    else before = middle;
  }
  return k;
}

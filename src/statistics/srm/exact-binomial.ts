import { binomial } from '../distributions/binomial.js';
import { logOneMinusExp } from '../distributions/tails.js';
import { firstWhole } from '../numerics/first-whole.js';
import { logSum } from '../numerics/log-sum.js';
import { refuse, type OrRefusal } from '../result.js';

/** Outcomes whose probability is within this factor of the observed one count as equally likely (R's rule). */
const TIE = Math.log1p(1e-7);

/**
 * Exact two-sided test that k successes among n come from probability p: the summed probability of all counts no
 * likelier than k (R's binom.test). Any n up to 1e15; the far tail is found by bisection. Returns the natural
 * logarithm of the p-value. Refuses `invalid_input`.
 */
export function exactBinomial(k: number, n: number, p: number): OrRefusal<{ p: number; logP: number }> {
  if (!(Number.isInteger(k) && Number.isInteger(n) && k >= 0 && k <= n && n > 0 && p > 0 && p < 1)) {
    return refuse('invalid_input', 'An exact test needs 0 <= k <= n and a probability between 0 and 1.');
  }
  const logP = Math.min(0, logTwoSided(k, n, p));
  return { p: Math.exp(logP), logP };
}

function logTwoSided(k: number, n: number, p: number): number {
  const limit = binomial.logPmf(k, n, p) + TIE;
  const unlikely = (j: number) => binomial.logPmf(j, n, p) <= limit;
  const mode = Math.min(n, Math.floor((n + 1) * p));
  if (unlikely(mode)) return 0;
  if (k < mode) {
    const first = firstWhole(unlikely, mode, n + 1);
    return bothTails(binomial.logCdf(k, n, p), binomial.logSf(first - 1, n, p));
  }
  const first = -firstWhole((j) => unlikely(-j), -mode, 1);
  return bothTails(binomial.logSf(k - 1, n, p), binomial.logCdf(first, n, p));
}

/** The logarithm of two tails together; close to 1 it is told from what is left between them. */
function bothTails(a: number, b: number): number {
  if (Math.max(a, b) <= -1e-3) return logSum(a, b);
  return logOneMinusExp(Math.log(Math.max(0, -Math.expm1(a) - Math.exp(b))));
}

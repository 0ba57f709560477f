import { binomial } from '../distributions/binomial.js';
import { logSum } from '../numerics/log-sum.js';
import type { Region } from './rejection-region.js';

/** From this size of an arm on its tails are taken one by one instead of all at once. */
const LARGE = 8000;

/** Below this probability doubles might have lost parts of it on the way. */
const SAFE = 1e-200;

type Probability = (p: number, q: number) => number;

/** log of the probability of a region if both arms have rate p = 1 - q, as a function of p and q in (0, 1). */
export function regionProbability(region: Region): Probability {
  const inLogarithms = logProbability(region);
  if (region.larger > LARGE) return inLogarithms;
  const plain = plainProbability(region);
  return (p, q) => {
    const probability = plain(p, q);
    return probability > SAFE ? Math.log(probability) : inLogarithms(p, q);
  };
}

/** The probability itself; all tails of the larger arm come from two running sums. */
function plainProbability({ smaller, larger, upTo, from }: Region): Probability {
  const [logSmaller, logLarger] = [logPmfOf(smaller), logPmfOf(larger)];
  const [atMost, atLeast] = [new Float64Array(larger + 2), new Float64Array(larger + 2)];
  return (p, q) => {
    const outer = logSmaller(p, q);
    const inner = logLarger(p, q).map(Math.exp);
    for (let k = 0; k <= larger; k += 1) atMost[k + 1] = (atMost[k] ?? NaN) + (inner[k] ?? NaN);
    for (let k = larger; k >= 0; k -= 1) atLeast[k] = (atLeast[k + 1] ?? NaN) + (inner[k] ?? NaN);
    let sum = 0;
    for (let i = 0; i <= smaller; i += 1) {
      const tails = (atMost[(upTo[i] ?? NaN) + 1] ?? NaN) + (atLeast[from[i] ?? NaN] ?? NaN);
      sum += Math.exp(outer[i] ?? NaN) * tails;
    }
    return sum;
  };
}

/** As a logarithm; slower, but good for the smallest probabilities and the largest arms. */
function logProbability({ smaller, larger, upTo, from }: Region): Probability {
  const logSmaller = logPmfOf(smaller);
  return (p, q) => {
    const logs = logSmaller(p, q).map((log, i) => {
      const atMost = binomial.logCdf(upTo[i] ?? NaN, larger, p);
      // Counted from the other end, so that rates close to 1 keep their digits.
      const atLeast = binomial.logCdf(larger - (from[i] ?? NaN), larger, q);
      return log + logSum(atMost, atLeast);
    });
    return logs.reduce(logSum, -Infinity);
  };
}

/** log P(K = k) for all k at once; the binomial coefficients are made once. */
function logPmfOf(n: number): (p: number, q: number) => Float64Array {
  const coefficients = new Float64Array(n + 1);
  for (let k = 0; k <= n; k += 1) coefficients[k] = binomial.logPmf(k, n, 0.5) + n * Math.LN2;
  const logs = new Float64Array(n + 1);
  return (p, q) => {
    const [logP, logQ] = [Math.log(p), Math.log(q)];
    for (let k = 0; k <= n; k += 1) logs[k] = (coefficients[k] ?? NaN) + k * logP + (n - k) * logQ;
    return logs;
  };
}

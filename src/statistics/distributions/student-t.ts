import { betaLogitQuantile } from './beta.js';
import { incompleteBeta, logBetaKernel } from './incomplete-beta.js';
import { normal } from './normal.js';
import { requireNumber, requireProbability, shapeOrInfinity } from './require.js';
import { logOneMinusExp } from './tails.js';

/** Student's t distribution with real df > 0, up to 1e9 and beyond (Infinity is the normal distribution). */
export const studentT = {
  /** P(T <= t). */
  cdf: (t: number, df: number): number => upperTail(-t, df),
  /** P(T > t). */
  sf: upperTail,
  /** log P(T <= t). */
  logCdf: (t: number, df: number): number => logUpperTail(-t, df),
  /** log P(T > t). */
  logSf: logUpperTail,
  /** t with P(T <= t) = p, p in [0, 1]. */
  quantile: (p: number, df: number): number => -upperQuantile(p, df) + 0,
  /** t with P(T > t) = p, p in [0, 1]. */
  isf: upperQuantile,
} as const;

/** log P(|T| > |t|): the two-sided p-value of a t statistic. */
export function logTwoSidedT(t: number, df: number): number {
  requireNumber('t', t);
  if (shapeOrInfinity('df', df) === Infinity) return Math.min(0, Math.LN2 + normal.logSf(Math.abs(t)));
  const size = Math.abs(t);
  // Beyond 1e150 t² overflows; there the leading term of the tail is exact.
  if (size > 1e150) return farTail(size, df);
  const r = (size * size) / df;
  const excess = (0.5 * size * size - 0.5) / (1 + r);
  return incompleteBeta(df / 2, 0.5, 1 / (1 + r), r / (1 + r), excess).logLower;
}

function farTail(t: number, df: number): number {
  if (t === Infinity) return -Infinity;
  const half = df / 2;
  const logX = Math.log(df) - 2 * Math.log(t);
  const logBeta = (half + 0.5) * Math.log(0.5) - logBetaKernel(half, 0.5, 0.5, 0.5);
  return half * logX - Math.log(half) - logBeta;
}

function upperTail(t: number, df: number): number {
  const twoSided = logTwoSidedT(t, df);
  if (t >= 0) return 0.5 * Math.exp(twoSided);
  return 0.5 - 0.5 * Math.expm1(twoSided);
}

function logUpperTail(t: number, df: number): number {
  const twoSided = logTwoSidedT(t, df);
  if (t >= 0) return twoSided - Math.LN2;
  return logOneMinusExp(twoSided - Math.LN2);
}

function upperQuantile(p: number, df: number): number {
  requireProbability(p);
  const limit = shapeOrInfinity('df', df) === Infinity;
  if (p === 0) return Infinity;
  if (p === 0.5) return 0;
  if (p > 0.5) return -upperQuantile(1 - p, df); // exact for p in [0.5, 1]
  if (limit) return normal.isf(p);
  if (df >= 8 && p > 1e-15 && p < 0.3) return nearNormalQuantile(p, df);
  // t² / df has the odds of a Beta(1/2, df/2) variable, whose upper tail is 2p.
  const logit = betaLogitQuantile(0.5, df / 2, 2 * p, 'upper');
  return Math.exp(0.5 * (Math.log(df) + logit));
}

/** From the quantile's expansion in 1/df (Abramowitz & Stegun 26.7.5), Newton's method on the log tail over log t. */
function nearNormalQuantile(p: number, df: number): number {
  const target = Math.log(2 * p);
  let t = expandedQuantile(normal.isf(p), df);
  for (;;) {
    const r = (t * t) / df;
    const [x, y] = [1 / (1 + r), r / (1 + r)];
    const log = incompleteBeta(df / 2, 0.5, x, y).logLower;
    const step = ((log - target) / 2) * Math.exp(log - logBetaKernel(df / 2, 0.5, x, y));
    t *= Math.exp(step);
    // The next step would be smaller than its square.
    if (Math.abs(step) < 1e-8) return t;
  }
}

function expandedQuantile(z: number, df: number): number {
  const z2 = z * z;
  const terms = [
    (z2 + 1) / 4,
    ((5 * z2 + 16) * z2 + 3) / 96,
    (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
    ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
  ];
  return z * terms.reduceRight((sum, term) => (sum + term) / df, 0) + z;
}

import { normalUpperQuantile } from './normal-quantile.js';
import { polynomial } from './polynomial.js';
import { requireNumber, requireProbability } from './require.js';
import { logOneMinusExp } from './tails.js';

const LOG_ROOT_TWO_PI = 0.9189385332046728;
const ROOT_TWO_PI = 2.5066282746310002;

/** The standard normal distribution; every tail is computed as itself, down to 1e-300 (logarithms: without end). */
export const normal = {
  /** P(Z <= z). */
  cdf: (z: number): number => upperTail(-z),
  /** P(Z > z). */
  sf: upperTail,
  /** log P(Z <= z). */
  logCdf: (z: number): number => logUpperTail(-z),
  /** log P(Z > z). */
  logSf: logUpperTail,
  /** z with P(Z <= z) = p, p in [0, 1]. */
  quantile: (p: number): number => -upperQuantile(p) + 0,
  /** z with P(Z > z) = p, p in [0, 1]. */
  isf: upperQuantile,
} as const;

function upperTail(z: number): number {
  if (Math.abs(z) < CENTRE) return 0.5 - normalCentre(z);
  if (z > 0) return density(z) * mills(z);
  if (z < 0) return 1 - density(-z) * mills(-z);
  requireNumber('z', z);
  return NaN;
}

function logUpperTail(z: number): number {
  if (z >= CENTRE) return -0.5 * z * z - LOG_ROOT_TWO_PI + Math.log(mills(z));
  const upper = upperTail(z);
  return z < 0 ? Math.log1p(-upperTail(-z)) : Math.log(upper);
}

/** exp(-z²/2)/√(2π); z is split so that z² is not rounded before the exponential (Cody 1969). */
function density(z: number): number {
  if (z > 40) return 0;
  const head = Math.trunc(z * 16) / 16;
  const rest = (z - head) * (z + head);
  return (Math.exp(-0.5 * head * head) * Math.exp(-0.5 * rest)) / ROOT_TWO_PI;
}

/** Where the centre ends and the tails begin. */
const CENTRE = 0.67448975;

/**
 * P(0 < Z < z), odd in z, without cancellation for small z; any z.
 * Rational approximations of Cody (1969), Math. Comp. 23, in the scaling of algorithm 715.
 */
export function normalCentre(z: number): number {
  if (z < 0) return -normalCentre(-z);
  if (z >= CENTRE) return 0.5 - density(z) * mills(z);
  const s = z * z;
  const numerator =
    (((0.06568233791820745 * s + 2.2352520354606837) * s + 161.02823106855587) * s + 1067.6894854603709) * s +
    18154.98125334356;
  const denominator =
    (((s + 47.202581904688245) * s + 976.0985517377767) * s + 10260.932208618979) * s + 45507.78933502673;
  return (z * numerator) / denominator;
}

const MIDDLE_NUMERATOR = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
  2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
] as const;
const MIDDLE_DENOMINATOR = [
  1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.429676859992,
] as const;
const FAR_NUMERATOR = [
  0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
  2.9112874951168793e-5,
] as const;
const FAR_DENOMINATOR = [
  1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 7.297515550839662e-5,
] as const;

/** Upper tail over density, z >= CENTRE; Cody (1969). */
function mills(z: number): number {
  if (z < 5.656854249492381) {
    return (ROOT_TWO_PI * polynomial(MIDDLE_NUMERATOR, z)) / polynomial(MIDDLE_DENOMINATOR, z);
  }
  const s = 1 / (z * z);
  return (1 - (ROOT_TWO_PI * s * polynomial(FAR_NUMERATOR, s)) / polynomial(FAR_DENOMINATOR, s)) / z;
}

function upperQuantile(p: number): number {
  requireProbability(p);
  if (p === 0) return Infinity;
  if (p === 1) return -Infinity;
  return normalUpperQuantile(p);
}

/** log P(|Z| > |z|): the two-sided p-value of a z statistic. */
export function logTwoSidedNormal(z: number): number {
  const size = Math.abs(z);
  if (size >= 0.5) return Math.min(0, Math.LN2 + logUpperTail(size));
  return logOneMinusExp(Math.log(2 * normalCentre(size)));
}

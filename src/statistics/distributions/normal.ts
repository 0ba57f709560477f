import { continuedFraction } from './continued-fraction.js';
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
  if (z < 0) return z > -2 ? 0.5 + centre(-z) : 1 - upperTail(-z);
  if (z < 2) return 0.5 - centre(z);
  return density(z) * mills(z);
}

function logUpperTail(z: number): number {
  if (z < -2) return Math.log1p(-upperTail(-z));
  if (z < 2) return Math.log(upperTail(z));
  return -0.5 * z * z - LOG_ROOT_TWO_PI + Math.log(mills(z));
}

/** P(0 < Z < z) = φ(z) (z + z³/3 + z⁵/15 + ...), small z >= 0. */
function centre(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; ; odd += 2) {
    term *= (z * z) / odd;
    const next = sum + term;
    if (next === sum || Number.isNaN(next)) return density(z) * sum;
    sum = next;
  }
}

/** exp(-z²/2)/√(2π); z is split so that z² is not rounded before the exponential (Cody 1969). */
function density(z: number): number {
  const head = Math.trunc(z * 16) / 16;
  const rest = (z - head) * (z + head);
  return (Math.exp(-0.5 * head * head) * Math.exp(-0.5 * rest)) / ROOT_TWO_PI;
}

/** Upper tail over density: Laplace's continued fraction 1/(z + 1/(z + 2/(z + ...))), z >= 2. */
function mills(z: number): number {
  if (z > 1e8) return 1 / z;
  return continuedFraction(
    () => z,
    (k) => k,
  );
}

function upperQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return Infinity;
  if (p > 0.5) return -upperQuantile(1 - p); // exact: 1 - p loses nothing for p in [0.5, 1]
  if (p > 0.3) return centralQuantile(0.5 - p);
  const target = Math.log(p);
  let z = Math.sqrt(Math.max(0, -2 * target - Math.log(4 - 4 * target)));
  for (let step = 1; Math.abs(step) > 4e-16 * z;) {
    // Newton on log tail, whose slope is minus the hazard rate.
    const log = logUpperTail(z);
    step = (log - target) * Math.exp(log + 0.5 * z * z + LOG_ROOT_TWO_PI);
    if (Math.abs(step) < 1e-13 * z) return z + step;
    z += step;
  }
  return z;
}

/** z with P(0 < Z < z) = mass, mass <= 0.2. */
function centralQuantile(mass: number): number {
  let z = mass * ROOT_TWO_PI;
  for (;;) {
    const step = (mass - centre(z)) / density(z);
    z += step;
    if (Math.abs(step) <= 1e-13 * z) return z;
  }
}

/** log P(|Z| > |z|): the two-sided p-value of a z statistic. */
export function logTwoSidedNormal(z: number): number {
  const size = Math.abs(z);
  if (size >= 0.5) return Math.min(0, Math.LN2 + logUpperTail(size));
  return logOneMinusExp(Math.log(2 * centre(size)));
}

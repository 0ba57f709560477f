import { logSum } from '../numerics/log-sum.js';
import { chiSquared } from './chi-squared.js';
import { logChiDensity } from './chi.js';
import { logTrapezoid } from './log-trapezoid.js';
import { normal } from './normal.js';
import { requireNoncentrality, requireNumber, shapeOrInfinity } from './require.js';
import { studentT } from './student-t.js';
import { logOneMinusExp } from './tails.js';

/**
 * The noncentral t distribution: (Z + ncp) / √(χ²/df) with real df > 0 (Infinity is the normal distribution) and any
 * finite ncp. Integrates over whichever of numerator and denominator varies less, so that the cost does not grow with
 * df or ncp; no term is negative, and the smaller tail is summed as itself.
 */
export const noncentralT = {
  /** P(T <= t). */
  cdf: (t: number, df: number, ncp: number): number => Math.exp(logUpper(-t, df, -ncp)),
  /** P(T > t). */
  sf: (t: number, df: number, ncp: number): number => Math.exp(logUpper(t, df, ncp)),
  /** log P(T <= t). */
  logCdf: (t: number, df: number, ncp: number): number => logUpper(-t, df, -ncp),
  /** log P(T > t). */
  logSf: (t: number, df: number, ncp: number): number => logUpper(t, df, ncp),
} as const;

const LOG_ROOT_TWO_PI = 0.9189385332046728;

type Side = 'lower' | 'upper';

function logUpper(t: number, df: number, ncp: number): number {
  requireNumber('t', t);
  requireNoncentrality(ncp, -1e15);
  if (shapeOrInfinity('df', df) === Infinity) return normal.logSf(t - ncp);
  if (ncp === 0) return studentT.logSf(t, df);
  if (Math.abs(t) === Infinity) return t > 0 ? -Infinity : 0;
  if (t === 0) return normal.logSf(-ncp);
  const point = t > 0 ? { t, df, ncp } : { t: -t, df, ncp: -ncp };
  const [wanted, other]: [Side, Side] = t > 0 ? ['upper', 'lower'] : ['lower', 'upper'];
  const direct = Math.min(0, logIntegral(point, wanted));
  if (direct < -0.5) return direct;
  return logOneMinusExp(Math.min(0, logIntegral(point, other)));
}

interface Point {
  /** Above 0. */
  readonly t: number;
  readonly df: number;
  readonly ncp: number;
}

/**
 * log P(T > t) or log P(T <= t). One of the two, s = √(χ²/df) or Z + ncp = t s, is integrated over on the logarithmic
 * scale, with the other's tail beside its density: the one with the narrower bell there.
 */
function logIntegral(point: Point, side: Side): number {
  return point.t * point.t < 32 * point.df ? overDenominator(point, side) : overNumerator(point, side);
}

function overDenominator({ t, df, ncp }: Point, side: Side): number {
  const centre = (side === 'upper') === t > ncp ? peak({ t, df, ncp }).denominator : 1;
  const logCentre = Math.log(centre);
  const spread = t * centre;
  const step = stepFor(centre, spread, df);
  const logTail = side === 'upper' ? normal.logSf : normal.logCdf;
  const term = (u: number) =>
    logChiDensity(logCentre + u, df) + logTail(spread - ncp + spread * Math.expm1(u));
  // Far below, where the normal tail no longer changes and the density is a power, a geometric series is left.
  const flat = Math.min(-20, Math.log(1e-17 / (t * Math.max(1, Math.abs(ncp)))));
  return logTrapezoid(term, step, (value, u) =>
    logCentre + u < flat ? (value * Math.exp(-df * step)) / -Math.expm1(-df * step) : undefined,
  );
}

function overNumerator({ t, df, ncp }: Point, side: Side): number {
  const centre = (side === 'upper') === t > ncp ? peak({ t, df, ncp }).numerator : larger(ncp);
  const step = stepFor(centre / t, centre, df);
  const logTail = side === 'upper' ? chiSquared.logCdf : chiSquared.logSf;
  const term = (u: number) => {
    const z = centre - ncp + centre * Math.expm1(u);
    const s = (centre / t) * Math.exp(u);
    return u - 0.5 * z * z + logTail(df * s * s, df);
  };
  const log = Math.log(centre) - LOG_ROOT_TWO_PI + logTrapezoid(term, step);
  if (side === 'upper') return log;
  // Z + ncp below 0 is part of the lower tail too.
  return logSum(log, normal.logSf(ncp));
}

/** Both bells at the peak are met; and both are analytic only up to an angle of 45 degrees. */
function stepFor(denominator: number, numerator: number, df: number): number {
  return Math.min(0.075, 0.5 / Math.hypot(Math.sqrt(2 * df) * denominator, numerator));
}

/** Most likely s and t s where Z + ncp = t s: (df + t²) s² - t ncp s - df = 0. */
function peak({ t, df, ncp }: Point): { denominator: number; numerator: number } {
  const root = Math.sqrt(df);
  const length = Math.hypot(root, t);
  const y = larger((t / length) * ncp, root);
  return { denominator: y / length, numerator: (y / length) * t };
}

/** The larger root of y² - b y - c² = 0. */
function larger(b: number, c = 1): number {
  const root = Math.hypot(b, 2 * c);
  return b > 0 ? (b + root) / 2 : (2 * c * c) / (root - b);
}

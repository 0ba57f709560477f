import { ArgumentError } from '../argument-error.js';
import { findRoot } from '../numerics/find-root.js';
import { logChiDensity } from './chi.js';
import { f } from './f.js';
import { logTrapezoid } from './log-trapezoid.js';
import { normalRange } from './normal-range.js';
import { requireNumber, requireProbability, shapeOrInfinity } from './require.js';
import { logOneMinusExp } from './tails.js';

/**
 * The studentized range: the range of `groups` independent standard normal values over an independent √(χ²/df).
 * `groups` is whole, 2 and more; df > 0, Infinity for a known variance. One integral over log √(χ²/df), whose integrand
 * holds the range's own tail, so that neither tail is one minus the other; about 1e-12 relative down to 1e-300.
 * Source: Copenhaver & Holland (1988), J. Stat. Comput. Simul. 30, for the two integrals.
 */
export const studentizedRange = {
  /** P(Q <= x). */
  cdf: (x: number, groups: number, df: number): number => Math.exp(logTail(x, groups, df, 'lower')),
  /** P(Q > x). */
  sf: (x: number, groups: number, df: number): number => Math.exp(logTail(x, groups, df, 'upper')),
  /** log P(Q <= x). */
  logCdf: (x: number, groups: number, df: number): number => logTail(x, groups, df, 'lower'),
  /** log P(Q > x). */
  logSf: (x: number, groups: number, df: number): number => logTail(x, groups, df, 'upper'),
  /** x with P(Q <= x) = p, p in [0, 1]. */
  quantile: (p: number, groups: number, df: number): number => quantile(p, groups, df, 'lower'),
  /** x with P(Q > x) = p, p in [0, 1]. */
  isf: (p: number, groups: number, df: number): number => quantile(p, groups, df, 'upper'),
} as const;

type Side = 'lower' | 'upper';

function logTail(x: number, groups: number, df: number, side: Side): number {
  const limit = checkShape(groups, df);
  requireNumber('x', x);
  if (x <= 0) return side === 'lower' ? -Infinity : 0;
  if (x === Infinity) return side === 'lower' ? 0 : -Infinity;
  // The range of two is √2 times a half-normal value, and x²/2 an F variable.
  if (groups === 2) return side === 'lower' ? f.logCdf((x / 2) * x, 1, df) : f.logSf((x / 2) * x, 1, df);
  const direct = logIntegral(x, groups, limit, side);
  if (direct < -0.7) return direct;
  // Close to one the other tail says how close.
  return logOneMinusExp(Math.min(0, logIntegral(x, groups, limit, side === 'lower' ? 'upper' : 'lower')));
}

function checkShape(groups: number, df: number): number {
  if (!(Number.isInteger(groups) && groups >= 2 && groups <= 1e6)) {
    throw new ArgumentError('groups', 'must be a whole number from 2 to 1,000,000');
  }
  return shapeOrInfinity('df', df);
}

function logIntegral(x: number, groups: number, df: number, side: Side): number {
  const logRange = side === 'lower' ? normalRange.logCdf : normalRange.logSf;
  if (df === Infinity) return logRange(x, groups);
  const centre = peak(x, groups, df, side);
  const term = (offset: number) =>
    logChiDensity(centre + offset, df) + logRange(x * Math.exp(centre + offset), groups);
  // The bell of log √(χ²/df) is 1/√(2 df) wide; both factors are analytic only up to an angle of 45 degrees.
  const step = Math.min(0.1, 0.6 / Math.sqrt(2 * df));
  return logTrapezoid(term, step, side === 'upper' ? geometricRest(x, df, centre, step) : undefined);
}

/** Near the highest term, from the leading terms: the range's upper tail falls like exp(-w²/4). */
function peak(x: number, groups: number, df: number, side: Side): number {
  const typical = 2 * Math.sqrt(Math.log(groups));
  if (side === 'upper') return x > typical ? -Math.log(Math.hypot(1, (x - typical) / Math.sqrt(2 * df))) : 0;
  return x < typical ? 0.5 * Math.log1p((groups - 1) / df) : 0;
}

/** Where the range's tail is 1 and the density a power, what is left below is a geometric series. */
function geometricRest(x: number, df: number, centre: number, step: number) {
  return (term: number, offset: number): number | undefined => {
    const u = centre + offset;
    if (u > -20 || x * Math.exp(u) > 1e-9) return undefined;
    return (term * Math.exp(-df * step)) / -Math.expm1(-df * step);
  };
}

function quantile(p: number, groups: number, df: number, side: Side): number {
  checkShape(groups, df);
  requireProbability(p);
  if (p === 0) return side === 'lower' ? 0 : Infinity;
  if (p === 1) return side === 'lower' ? Infinity : 0;
  const target = Math.log(p);
  const sign = side === 'lower' ? 1 : -1;
  const excess = (s: number) => sign * (logTail(Math.exp(s), groups, df, side) - target);
  let from = 0;
  let to = 1;
  for (let width = 1; excess(from) > 0; width *= 2) {
    if (from < -745) return 0;
    [from, to] = [from - width, from];
  }
  for (let width = 1; excess(to) < 0; width *= 2) {
    if (to > 710) return Infinity;
    [from, to] = [to, to + width];
  }
  return Math.exp(findRoot(excess, from, to));
}

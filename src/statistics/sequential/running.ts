import { normal } from '../distributions/normal.js';
import { gaussLegendre } from '../numerics/quadrature.js';

/**
 * Experiments still running after a look: where their score process B(t) = Z √t stands, as quadrature points with the
 * logarithm of the probability at each, under no drift. With drift δ the mean of B(t) is δt.
 */
export interface Running {
  readonly t: number;
  readonly points: Float64Array;
  readonly logMass: Float64Array;
}

/** Before the first look: all stand at 0. */
export const notYetLooked: Running = {
  t: 0,
  points: Float64Array.of(0),
  logMass: Float64Array.of(0),
};

/** Beyond this many standard deviations a normal density is zero in a double. */
const REACH = 39;

/** Width of a panel in standard deviations of the finest step nearby, and points in it: good for 14 digits. */
const PANEL = 4;
const RULE = 16;

/**
 * Those who run on after the look at `t`: z between `lower` and `upper`. `next` is where the next look will be, which
 * says how fine the points must lie. Armitage, McPherson & Rowe (1969); Jennison & Turnbull (2000), ch. 19.
 */
export function runOn(before: Running, t: number, lower: number, upper: number, next: number): Running {
  const step = Math.sqrt(t - before.t);
  const from = Math.max(lower, -REACH) * Math.sqrt(t);
  const to = Math.min(upper, REACH) * Math.sqrt(t);
  const finest = Math.min(step, Math.sqrt(next - t));
  const panels = Math.max(1, Math.ceil((to - from) / (PANEL * finest)));
  const half = (to - from) / (2 * panels);
  const { nodes, weights } = gaussLegendre(RULE);
  const points = new Float64Array(panels * RULE);
  const logMass = new Float64Array(panels * RULE);
  const mass = before.logMass.map(Math.exp);
  for (let i = 0; i < points.length; i += 1) {
    const y = from + half * (2 * Math.floor(i / RULE) + 1 + (nodes[i % RULE] ?? 0));
    points[i] = y;
    logMass[i] = Math.log(half * (weights[i % RULE] ?? 0) * densityAt(y, before.points, mass, step));
  }
  return { t, points, logMass };
}

/** Density at y one step of standard deviation `step` later; `points` ascend. */
function densityAt(y: number, points: Float64Array, mass: Float64Array, step: number): number {
  const reach = REACH * step;
  let sum = 0;
  for (let i = firstAtLeast(points, y - reach); i < points.length; i += 1) {
    const distance = (y - (points[i] ?? 0)) / step;
    if (distance < -REACH) break;
    sum += (mass[i] ?? 0) * Math.exp(-0.5 * distance * distance);
  }
  return sum / (step * Math.sqrt(2 * Math.PI));
}

function firstAtLeast(sorted: Float64Array, x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * log P(run up to now, then Z(t) > z) with drift δ; for side -1, log P(run up to now, then Z(t) < z). The drift comes
 * in as the likelihood ratio exp(δx - δ²t/2), so that one recursion serves every drift.
 */
export function logExit(before: Running, t: number, z: number, side: 1 | -1, drift: number): number {
  const span = t - before.t;
  const step = Math.sqrt(span);
  const edge = z * Math.sqrt(t);
  let [highest, sum] = [-Infinity, 0];
  before.points.forEach((x, i) => {
    const tilt = drift * x - 0.5 * drift * drift * before.t;
    const log = (before.logMass[i] ?? 0) + tilt + normal.logSf((side * (edge - x - drift * span)) / step);
    if (log > highest) [highest, sum] = [log, sum * Math.exp(highest - log) + 1];
    else if (log > -Infinity) sum += Math.exp(log - highest);
  });
  return highest === -Infinity ? highest : Math.min(0, highest + Math.log(sum));
}

/** log Σ exp of a few logarithms of probabilities. */
export function logTotal(logs: readonly number[]): number {
  const highest = Math.max(...logs);
  if (highest === -Infinity) return highest;
  return Math.min(0, highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0)));
}

import { gaussLegendre } from '../numerics/quadrature.js';
import { quickMills } from './quick-tail.js';

/** Whether only large values count, or large and small ones alike. */
export type Sides = 'upper' | 'both';

/** How estimates hang together: the correlation of i and j is loading i times loading j; all loadings in [0, 1]. */
export type Loadings = readonly number[];

/** A loading λ, its rest τ = √(1 - λ²), and how many estimates have it. */
interface Group {
  readonly loading: number;
  readonly rest: number;
  readonly count: number;
}

/**
 * Of the sum of the chances that each of several standard normal estimates exceeds c, the share that remains when
 * events that happen together count once: P(at least one exceeds) = share · Σ P(each exceeds), the share in [1/count,
 * 1]. Given their common part z, estimates with correlations λiλj are independent, so one integral over z is enough
 * (Dunnett 1955). Both sides of the ratio come from the same nodes and are scaled by the density at c: the share is as
 * sure at p = 1e-300 as at 0.1, about 1e-10 relative.
 */
export function overlapShare(loadings: Loadings, sides: Sides): (c: number) => number {
  const groups = group(loadings);
  const least = 1 / loadings.length;
  const alone = aloneBeyond(loadings);
  return (c) => {
    if (loadings.length === 1 || c > alone) return 1;
    if (c < -REACH) return least;
    return Math.min(1, Math.max(least, integrate(groups, sides, c)));
  };
}

function group(loadings: Loadings): Group[] {
  const counts = new Map<number, number>();
  for (const loading of loadings) counts.set(loading, (counts.get(loading) ?? 0) + 1);
  return [...counts].map(([loading, count]) => {
    const rest = Math.sqrt((1 - loading) * (1 + loading));
    return { loading, rest, count };
  });
}

/**
 * Beyond this c no two exceed it together often enough to count: P(both > c) <= P(their sum > 2c). At 1e6 rounding
 * would drown the overlap, and p is 1e-217147240954.
 */
function aloneBeyond(loadings: Loadings): number {
  const [first = 0, second = 0] = [...loadings].sort((a, b) => b - a);
  const correlation = first * second;
  return Math.min(1e6, Math.sqrt((90 * (1 + correlation)) / (1 - correlation)));
}

/** Beyond so many standard deviations nothing adds to the 13th digit. */
const REACH = 8;

function integrate(groups: readonly Group[], sides: Sides, c: number): number {
  const above = Math.max(c, 0);
  const bumps = groups.map(({ loading, rest }) => loading * above - REACH * rest);
  const from = Math.max(sides === 'both' ? 0 : -REACH, Math.min(...bumps));
  const to = Math.sqrt(above * above + REACH * REACH);
  const size = groups.reduce((sum, { count }) => sum + count, 0);
  // The chance that any of many exceeds c turns from 0 to 1 more sharply than that of one.
  const { nodes, weights } = gaussLegendre(10 + 2 * Math.ceil(Math.log2(Math.max(1, size / 7))));
  let [any, sum] = [0, 0];
  for (let left = from; left < to;) {
    const right = Math.min(to, panelEnd(groups, c, left));
    const half = (right - left) / 2;
    for (let i = 0; i < nodes.length; i += 1) {
      const at = chancesGiven(groups, sides, c, left + half * (1 + (nodes[i] ?? 0)));
      any += half * (weights[i] ?? 0) * at.any;
      sum += half * (weights[i] ?? 0) * at.sum;
    }
    left = right;
  }
  return any / sum;
}

function panelEnd(groups: readonly Group[], c: number, left: number): number {
  let width = Infinity;
  for (const group of groups) width = Math.min(width, panelWidth(group, c, left));
  return left + Math.max(width, 1e-14 * Math.max(1, Math.abs(left)));
}

/**
 * As a function of z, φ(z) times the chance to exceed c is a bump of width τ around λc; near z = c/λ, where the chance
 * turns into certainty, it becomes φ(z). Panels are short in between, and nothing is looked for where there is nothing.
 */
function panelWidth({ loading, rest }: Group, c: number, left: number): number {
  const turn = loading === 0 ? Infinity : c / loading;
  const centre = c < 0 ? turn : loading * c;
  const end = centre + REACH * rest;
  const slow = Math.min(2.5, 10 / Math.max(1, left));
  // Nearly a loading of 1 turns at once: no panel may reach across.
  if (rest < 1e-6) return left < turn ? turn - left : slow;
  if (left < centre - REACH * rest) return centre - REACH * rest - left;
  if (left < centre) return Math.min(2.5, Math.max(2 * rest, 0.7 * (centre - left)));
  if (left < Math.min(turn, end)) return 2 * rest;
  return turn > end ? Infinity : Math.min(slow, Math.max(2 * rest, 0.7 * (left - turn)));
}

/** Given z: the chance that any exceeds c, and the sum of the chances, both times φ(z)/φ(c). */
function chancesGiven(groups: readonly Group[], sides: Sides, c: number, z: number) {
  const scale = Math.exp(0.5 * (c - z) * (c + z));
  let any = 0;
  let sum = 0;
  let seen = 0;
  for (const { loading, rest, count } of groups) {
    let chance = upper((c - loading * z) / rest);
    let scaled = c > 30 && loading * z < c ? bump(c, z, loading, rest) : scale * chance;
    // The far side counts only where it is not e^-40 of the near one.
    if (sides === 'both' && c * loading * z < 20 * rest * rest) {
      const far = upper((c + loading * z) / rest);
      chance = Math.min(1, chance + far);
      scaled += c > 30 ? bump(c, -z, loading, rest) : scale * far;
    }
    sum += count * scaled;
    for (let i = 0; i < count; i += 1) {
      any += scaled * (1 - seen);
      seen += chance * (1 - seen);
    }
  }
  return { any, sum };
}

const ROOT_TWO_PI = 2.5066282746310002;

/** P(Z > a); 0/0 is the middle of a step. */
function upper(a: number): number {
  if (Number.isNaN(a)) return 0.5;
  const tail = (quickMills(Math.abs(a)) * Math.exp(-0.5 * a * a)) / ROOT_TWO_PI;
  return a < 0 ? 1 - tail : tail;
}

/** P(Z > (c - λz)/τ) φ(z)/φ(c) for λz < c where neither factor need be a double: the exponents add up to a square. */
function bump(c: number, z: number, loading: number, rest: number): number {
  const away = (z - loading * c) / rest;
  return (quickMills((c - loading * z) / rest) * Math.exp(-0.5 * away * away)) / ROOT_TWO_PI;
}

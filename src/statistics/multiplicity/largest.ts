import { normal } from '../distributions/normal.js';
import { logTwoSidedT, studentT } from '../distributions/student-t.js';
import { findRoot } from '../numerics/find-root.js';
import { lazyInterpolant } from '../numerics/lazy-interpolant.js';
import { overlapShare, type Loadings, type Sides } from './overlap.js';

/** The largest of several t statistics (sides 'upper') or of their sizes ('both'). */
export interface Largest {
  /** log P(at least one exceeds c), df > 0; Infinity for a known variance. */
  logSf(c: number, df: number): number;
  /** c with P(at least one exceeds c) = p, p in (0, 1). */
  isf(p: number, df: number): number;
}

/**
 * Distribution of the largest of statistics with correlations λiλj and one estimate of the variance in common: every
 * tail is the sum of the single t tails times the share of it that does not overlap (`overlapShare`), so p-values are
 * good to about 1e-9 relative however small. Needs one loading or more. Dunnett (1955); Hochberg & Tamhane (1987), ch.
 * 5.
 */
export function largest(loadings: Loadings, sides: Sides): Largest {
  const share = overlapShare(loadings, sides);
  const single = (c: number, df: number) => (sides === 'both' ? logTwoSidedT(c, df) : studentT.logSf(c, df));
  const tailWith =
    (kept: (c: number) => number) =>
    (c: number, df: number): number => {
      if (sides === 'both' && !(c > 0)) return 0;
      const one = single(c, df);
      if (loadings.length === 1 || one === -Infinity) return one;
      const mean = df === Infinity ? kept(c) : meanShare(kept, c, df);
      return Math.min(0, one + Math.log(loadings.length * mean));
    };
  const logSf = tailWith(share);
  // The search for a quantile asks for the share at many points close to each other, again for every df.
  const closest = Math.max(...loadings);
  const searched = closest < SMOOTH ? tailWith(lazyInterpolant(share, closest < 0.8 ? 0.5 : 0.25)) : logSf;
  const isf = (p: number, df: number) =>
    inverse(df === Infinity ? logSf : searched, p, df, loadings.length, sides);
  return { logSf, isf };
}

/** Up to this loading the share changes so slowly that its interpolant is good to 1e-12. */
const SMOOTH = 0.95;

/** Down from Bonferroni's quantile, which is close by, at most to that of a single statistic. */
function inverse(logSf: Largest['logSf'], p: number, df: number, count: number, sides: Sides): number {
  const tail = sides === 'both' ? p / 2 : p;
  const highest = studentT.isf(tail / count, df);
  if (count === 1 || !Number.isFinite(highest)) return highest;
  const lowest = studentT.isf(tail, df);
  const margin = 1e-9 * (1 + Math.abs(lowest));
  const miss = (c: number) => logSf(c, df) - Math.log(p);
  let to = highest + margin;
  let from = to;
  for (let step = 0.1; from > lowest && miss(from) < 0; step *= 2) {
    to = from;
    from = Math.max(lowest - margin, from - step);
  }
  const root = findRoot(miss, from, to);
  return sides === 'both' ? Math.max(0, root) : root;
}

/**
 * Mean of the share at c·s over s = √(χ²/df) given that one statistic exceeds c, by the trapezoidal rule in log s or,
 * where s hardly varies, by the Gauss-Hermite rule of five nodes. The share varies slowly and weights are relative.
 */
function meanShare(share: (c: number) => number, c: number, df: number): number {
  const { centre, width } = peak(c, df);
  const logWeight = (u: number) => df * (u - 0.5 * Math.expm1(2 * u)) + normal.logSf(c * Math.exp(u));
  const top = logWeight(centre);
  let [sum, total] = [0, 0];
  const add = (u: number, rule: number) => {
    const weight = rule * Math.exp(logWeight(u) - top);
    sum += weight * share(c * Math.exp(u));
    total += weight;
    return weight;
  };
  if (width < 0.005) {
    for (const [node, rule] of HERMITE) add(centre + node * width, rule * Math.exp(0.5 * node * node));
    return sum / total;
  }
  const step = Math.min(0.75 * width, 0.12);
  add(centre, 1);
  for (let u = centre + step; add(u, 1) > 1e-14 * total;) u += step;
  let u = centre - step;
  while (add(u, 1) > 1e-14 * total && Math.abs(c) * Math.exp(u) > 1e-7) u -= step;
  // What is left below is a geometric series with a share that no longer changes.
  const rest = Math.exp(logWeight(u) - top) / Math.expm1(df * step);
  return (sum + rest * share(c * Math.exp(u))) / (total + rest);
}

const ROOT_TEN = Math.sqrt(10);
const [INNER, OUTER] = [Math.sqrt(5 - ROOT_TEN), Math.sqrt(5 + ROOT_TEN)];

/** Nodes and weights for a standard normal weight. */
const HERMITE = [
  [0, 8 / 15],
  [INNER, (7 + 2 * ROOT_TEN) / 60],
  [-INNER, (7 + 2 * ROOT_TEN) / 60],
  [OUTER, (7 - 2 * ROOT_TEN) / 60],
  [-OUTER, (7 - 2 * ROOT_TEN) / 60],
] as const;

/** Where the weight of log s is highest, by Newton's method, and its width as that of a normal density. */
function peak(c: number, df: number): { centre: number; width: number } {
  let centre = c > 0 ? -0.5 * Math.log1p((c * c) / df) : 0;
  let curve = 2 * df;
  for (let i = 0; i < 4; i += 1) {
    const y = c * Math.exp(centre);
    const hazard = Math.exp(-0.5 * y * y - normal.logSf(y)) / Math.sqrt(2 * Math.PI);
    const pull = df * Math.exp(2 * centre);
    curve = 2 * pull + y * hazard * (1 + y * (hazard - y));
    centre += (df - pull - y * hazard) / curve;
  }
  return { centre, width: 1 / Math.sqrt(curve) };
}

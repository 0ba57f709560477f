import { findRoot } from '../numerics/find-root.js';
import { gaussLegendre } from '../numerics/quadrature.js';

/** Nodes of a panel. */
const NODES = 16;
/** Panels are halved until halving changes them by less than this share of the whole, or than rounding does. */
const TOLERANCE = 1e-14;
const DEEPEST = 60;

/**
 * ∫ f over the panels between consecutive `breaks`, for several functions >= 0 at once. Every panel is a Gauss-Legendre
 * rule, halved until that changes nothing any more; the breaks must be close enough to show each panel what is in it.
 * `noise` is the relative rounding error of f.
 */
export function integratePanels(
  f: (s: number) => readonly number[],
  breaks: readonly number[],
  noise: number,
): number[] {
  const panels = breaks.slice(1).map((to, i) => panel(f, breaks[i] ?? to, to));
  const whole = add(panels.map(({ sums }) => sums));
  const allowed = TOLERANCE * Math.max(...whole);
  const settled = (change: number, value: number) => change <= Math.max(allowed, noise * value);
  return add(panels.map((first) => refine(f, first, settled, DEEPEST)));
}

interface Panel {
  readonly from: number;
  readonly to: number;
  readonly sums: readonly number[];
}

function panel(f: (s: number) => readonly number[], from: number, to: number): Panel {
  const { nodes, weights } = gaussLegendre(NODES);
  const half = (to - from) / 2;
  const centre = (to + from) / 2;
  const sums: number[] = [];
  for (let i = 0; i < NODES; i += 1) {
    const weight = half * (weights[i] ?? 0);
    for (const [k, value] of f(centre + half * (nodes[i] ?? 0)).entries())
      sums[k] = (sums[k] ?? 0) + weight * value;
  }
  return { from, to, sums };
}

function refine(
  f: (s: number) => readonly number[],
  { from, to, sums }: Panel,
  settled: (change: number, value: number) => boolean,
  depth: number,
): readonly number[] {
  const middle = (from + to) / 2;
  const left = panel(f, from, middle);
  const right = panel(f, middle, to);
  const halves = add([left.sums, right.sums]);
  const done = halves.every((value, k) => settled(Math.abs(value - (sums[k] ?? 0)), value));
  if (done || depth === 0) return halves;
  return add([refine(f, left, settled, depth - 1), refine(f, right, settled, depth - 1)]);
}

function add(rows: readonly (readonly number[])[]): number[] {
  const [first = []] = rows;
  return first.map((_, k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0));
}

/** A concave function and its slope. */
export interface Concave {
  readonly value: (s: number) => number;
  readonly slope: (s: number) => number;
  /** Absolute rounding error of the value, apart from that of its own size. */
  readonly noise: number;
}

/** exp(-40) of the peak is where a bulk ends. */
const DEPTH = 40;

/**
 * Logits beyond which a beta density with up to 1e10 recipients is a pure exponential. With shapes near zero the range is
 * thousands of times as wide, and a panel over all of it would not see what happens near the middle.
 */
export const PLAIN = 64;

/**
 * log ∫ exp(g) over the whole line, for a concave g of any size: down to exp(-1e6) without loss. `start` and `stride` say
 * roughly where and how wide the peak is; both may be far off.
 */
export function logIntegral(g: Concave, start: number, stride: number): number {
  const mode = peak(g.slope, start, stride);
  const top = g.value(mode);
  if (top === -Infinity) return -Infinity;
  const edge = (side: 1 | -1): number => {
    let step = stride;
    while (g.value(mode + side * step) > top - DEPTH) step *= 2;
    return mode + side * step;
  };
  const noise = g.noise + 4 * Number.EPSILON * Math.abs(top);
  const [low, high] = [edge(-1), edge(1)];
  const inside = [-PLAIN, mode, PLAIN].filter((at) => at > low && at < high).toSorted((a, b) => a - b);
  const [sum = 0] = integratePanels((s) => [Math.exp(g.value(s) - top)], [low, ...inside, high], noise);
  return top + Math.log(sum);
}

/** Where a decreasing slope passes zero. */
function peak(slope: (s: number) => number, start: number, stride: number): number {
  const side = slope(start) > 0 ? 1 : -1;
  let step = stride;
  while (slope(start + side * step) * side > 0) step *= 2;
  return findRoot(slope, start, start + side * step);
}

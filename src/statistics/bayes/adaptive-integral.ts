import { findRoot } from '../numerics/find-root.js';
import { gaussLegendre } from '../numerics/quadrature.js';

/** Nodes of a panel. */
const NODES = 16;
/** Panels are halved until that changes the whole by less than this share of it, or less than rounding does. */
const TOLERANCE = 1e-14;
/** A bound, so that an integrand noisier than it was said to be ends too. */
const MOST_PANELS = 1000;

type VectorFunction = (s: number) => readonly number[];

/**
 * ∫ f over the panels between consecutive `breaks`, for several functions >= 0 at once. Every panel is a Gauss-Legendre
 * rule on its two halves; the panel that gained most from being halved is halved again, until that changes nothing any
 * more. The breaks must be close enough to show each panel what is in it. `noise` is the relative rounding error of f.
 */
export function integratePanels(f: VectorFunction, breaks: readonly number[], noise: number): number[] {
  let panels = breaks.slice(1).map((to, i) => halved(f, breaks[i] ?? to, to, noise));
  while (panels.length < MOST_PANELS) {
    const scale = Math.max(...add(panels.map(({ sums }) => sums)));
    const open = panels.filter(({ change }) => change * panels.length > TOLERANCE * scale);
    if (open.length === 0) break;
    const worst = Math.max(...open.map(({ change }) => change));
    panels = panels.flatMap((panel) => {
      if (!(panel.change > 0 && panel.change >= 1e-3 * worst)) return [panel];
      const middle = (panel.from + panel.to) / 2;
      return [
        halved(f, panel.from, middle, noise, panel.left),
        halved(f, middle, panel.to, noise, panel.right),
      ];
    });
  }
  return add(panels.map(({ sums }) => sums));
}

interface Panel {
  readonly from: number;
  readonly to: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Both halves together. */
  readonly sums: readonly number[];
  /** What halving has changed beyond rounding, in the function where it changed most. */
  readonly change: number;
}

function halved(
  f: VectorFunction,
  from: number,
  to: number,
  noise: number,
  known?: readonly number[],
): Panel {
  const middle = (from + to) / 2;
  const whole = known ?? rule(f, from, to);
  const left = rule(f, from, middle);
  const right = rule(f, middle, to);
  const sums = add([left, right]);
  const changes = sums.map((value, k) => {
    const change = Math.abs(value - (whole[k] ?? 0));
    return change > noise * value ? change : 0;
  });
  return { from, to, left, right, sums, change: Math.max(...changes) };
}

function rule(f: VectorFunction, from: number, to: number): number[] {
  const { nodes, weights } = gaussLegendre(NODES);
  const half = (to - from) / 2;
  const centre = (to + from) / 2;
  const sums: number[] = [];
  for (let i = 0; i < NODES; i += 1) {
    const weight = half * (weights[i] ?? 0);
    for (const [k, value] of f(centre + half * (nodes[i] ?? 0)).entries())
      sums[k] = (sums[k] ?? 0) + weight * value;
  }
  return sums;
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
  /** Where it bends: a panel much wider than a bend at its end would not see it. */
  readonly bends: readonly number[];
}

/** exp(-40) of the peak is where a bulk ends. */
const DEPTH = 40;

/**
 * Logits beyond which a beta density with up to 1e10 recipients is a pure exponential. With shapes near zero the range
 * is thousands of times as wide, and a panel over all of it would not see what happens near the middle.
 */
export const PLAIN = 64;

/**
 * log ∫ exp(g) over the whole line, for a concave g of any size: down to exp(-1e6) without loss. `start` and `stride`
 * say roughly where and how wide the peak is; both may be far off.
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
  const bends = [-PLAIN, mode, PLAIN, ...g.bends];
  const inside = bends.filter((at) => at > low && at < high).toSorted((a, b) => a - b);
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

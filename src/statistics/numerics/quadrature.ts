/** Nodes and weights of a rule on [-1, 1]: ∫f ≈ Σ w f(x). */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const rules = new Map<number, QuadratureRule>();

/**
 * Gauss-Legendre rule with `count` nodes, exact for polynomials up to degree 2·count - 1. Newton's method on the
 * Legendre polynomial from Tricomi's first guess; Davis & Rabinowitz (1984), Methods of Numerical Integration, 2.7.
 * The rules are made once.
 */
export function gaussLegendre(count: number): QuadratureRule {
  const known = rules.get(count);
  if (known) return known;
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count / 2; i += 1) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    for (let step = 1; Math.abs(step) > 1e-15;) {
      const { value, slope } = legendreAt(count, x);
      step = value / slope;
      x -= step;
    }
    const { slope } = legendreAt(count, x);
    const weight = 2 / ((1 - x * x) * slope * slope);
    nodes[i] = -x;
    nodes[count - 1 - i] = x;
    weights[i] = weight;
    weights[count - 1 - i] = weight;
  }
  if (count % 2 === 1) nodes[(count - 1) / 2] = 0;
  const rule = { nodes, weights };
  rules.set(count, rule);
  return rule;
}

function legendreAt(count: number, x: number): { value: number; slope: number } {
  let previous = 1;
  let value = x;
  for (let k = 2; k <= count; k += 1) {
    [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
  }
  return { value, slope: (count * (x * value - previous)) / (x * x - 1) };
}

/** ∫ f from `from` to `to` by one Gauss-Legendre rule of `count` nodes. */
export function integrate(f: (x: number) => number, from: number, to: number, count: number): number {
  const { nodes, weights } = gaussLegendre(count);
  const half = (to - from) / 2;
  const centre = (to + from) / 2;
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += (weights[i] ?? 0) * f(centre + half * (nodes[i] ?? 0));
  return half * sum;
}

/**
 * x log(x / m) + m - x, without cancellation when x is close to m; x >= 0, m > 0.
 * The saddle point part of a binomial, Poisson, gamma or beta density (Loader 2000, `bd0`).
 * `difference` is x - m, for callers who know it with more digits than x and m keep.
 */
export function deviance(x: number, m: number, difference: number = x - m): number {
  if (x === 0) return m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = difference / (x + m);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let odd = 3; ; odd += 2) {
    term *= v * v;
    const next = sum + term / odd;
    if (next === sum || Number.isNaN(next)) return sum;
    sum = next;
  }
}

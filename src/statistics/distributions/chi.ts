import { stirlingError } from './stirling-error.js';

/** log density of u = log √(χ²/df) at u, for df > 0; a bell of width 1/√(2 df) for large df. */
export function logChiDensity(u: number, df: number): number {
  const a = df / 2;
  return Math.LN2 + 0.5 * Math.log(a / (2 * Math.PI)) - stirlingError(a) - a * expRest(2 * u);
}

/** e^t - 1 - t without cancellation for small t. */
function expRest(t: number): number {
  if (Math.abs(t) > 0.5) return Math.expm1(t) - t;
  let term = (t * t) / 2;
  let sum = term;
  for (let k = 3; ; k += 1) {
    term *= t / k;
    const next = sum + term;
    if (next === sum || Number.isNaN(next)) return sum;
    sum = next;
  }
}

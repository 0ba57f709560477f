import { normal } from '../distributions/normal.js';

/** Taylor coefficients per point, and points per unit: the first term left out is below 1e-14 of the sum. */
const TERMS = 9;
const PER_UNIT = 8;
const END = 10;
const table = new Float64Array((END * PER_UNIT + 1) * TERMS);

/**
 * P(Z > a) / φ(a) for a >= 0, Mills' ratio M, as quickly as a quadrature of thousands of points needs it: Taylor series
 * around a table made of `normal.sf` with M' = aM - 1, Laplace's continued fraction beyond it; within 1e-13.
 */
export function quickMills(a: number): number {
  if (a >= END)
    return (
      1 /
      (a + 1 / (a + 2 / (a + 3 / (a + 4 / (a + 5 / (a + 6 / (a + 7 / (a + 8 / (a + 9 / (a + 10 / a))))))))))
    );
  if (table[0] === 0) fill();
  const nearest = Math.round(a * PER_UNIT);
  const away = a - nearest / PER_UNIT;
  let at = nearest * TERMS + TERMS - 1;
  let sum = table[at] as number;
  for (const start = nearest * TERMS; at > start;) sum = sum * away + (table[--at] as number);
  return sum;
}

/** M⁽ᵏ⁺¹⁾ = a M⁽ᵏ⁾ + k M⁽ᵏ⁻¹⁾, each over its factorial. */
function fill(): void {
  for (let point = 0; point <= END * PER_UNIT; point += 1) {
    const a = point / PER_UNIT;
    let [before, at] = [0, normal.sf(a) * Math.exp(0.5 * a * a) * Math.sqrt(2 * Math.PI)];
    let factorial = 1;
    for (let k = 0; k < TERMS; k += 1) {
      table[point * TERMS + k] = at / factorial;
      [before, at] = [at, k === 0 ? a * at - 1 : a * at + k * before];
      factorial *= k + 1;
    }
  }
}

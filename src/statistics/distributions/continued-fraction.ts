/**
 * 1/(b0 + a1/(b1 + a2/(b2 + ...))) by Lentz's method (Thompson & Barnett 1986), as far as doubles carry it.
 * `numerator(k)` is a_k, `denominator(k)` is b_k. There is no cap on the steps.
 */
export function continuedFraction(
  denominator: (k: number) => number,
  numerator: (k: number) => number,
): number {
  let c = Infinity;
  let d = 1 / denominator(0);
  let value = d;
  let previous = Infinity;
  for (let k = 1; ; k += 1) {
    const a = numerator(k);
    const b = denominator(k);
    d = 1 / (a * d + b);
    c = b + a / c;
    const factor = c * d;
    value *= factor;
    const change = Math.abs(factor - 1);
    // At the end the factors no longer shrink but dance around 1 by a rounding or two.
    const settled = change <= 2.3e-16 || (change < 1e-14 && change >= previous);
    if (settled || Number.isNaN(factor)) return value;
    previous = change;
  }
}

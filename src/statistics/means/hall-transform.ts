/**
 * Hall's cubic transformation, which takes the skewness out of a t statistic: g(t) = t + κ t²/3 + κ² t³/27 + κ/6 with κ the
 * skewness of the estimate; it rises everywhere. Written as ((1 + κ t / 3)³ - 1) / κ + κ / 6 without the division. Hall (1992),
 * JRSS-B 54:221.
 */
export function withoutSkewness(t: number, kappa: number): number {
  const shift = (kappa * t) / 3;
  return t * (1 + shift + (shift * shift) / 3) + kappa / 6;
}

/** The inverse, 3 ((1 + κ (x - κ/6))^⅓ - 1) / κ. */
export function withSkewness(x: number, kappa: number): number {
  const y = x - kappa / 6;
  const root = Math.cbrt(1 + kappa * y);
  return (3 * y) / (root * root + root + 1);
}

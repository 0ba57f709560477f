/** Coefficients of 1/n, 1/n³, 1/n⁵ ...: B(2k) / (2k (2k - 1)). */
const COEFFICIENTS = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
];

/**
 * log Γ(n + 1) - log(√(2πn) (n/e)^n): what Stirling's formula leaves over, for real n > 0.
 * Densities are built from this instead of differences of log Γ, which lose eight digits at n = 1e9.
 * Loader (2000), Fast and accurate computation of binomial probabilities.
 */
export function stirlingError(n: number): number {
  let shifted = n;
  let climbed = 0;
  while (shifted < 16) {
    climbed += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
    shifted += 1;
  }
  const square = 1 / (shifted * shifted);
  let series = 0;
  for (const coefficient of COEFFICIENTS.toReversed()) series = series * square + coefficient;
  return climbed + series / shifted;
}

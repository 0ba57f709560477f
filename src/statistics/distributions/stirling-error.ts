/**
 * log Γ(n + 1) - log(√(2πn) (n/e)^n): what Stirling's formula leaves over, for real n > 0.
 * Densities are built from this instead of differences of log Γ, which lose eight digits at n = 1e9.
 * Loader (2000), Fast and accurate computation of binomial probabilities.
 */
export function stirlingError(n: number): number {
  if (n >= 8) return series(n);
  if (n === 0.5) return AT_HALF;
  // From Γ(shifted + 1) = (n + 1) ... shifted Γ(n + 1).
  let shifted = n;
  let steps = 0;
  let product = 1;
  while (shifted < 8) {
    shifted += 1;
    steps += 1;
    product *= shifted;
  }
  return series(shifted) - steps + (n + 0.5) * Math.log(shifted / n) + Math.log(shifted ** steps / product);
}

/** For the t distribution: log Γ(3/2) - log √(π/2e). */
const AT_HALF = (1 - Math.LN2) / 2;

/** Coefficients of 1/n, 1/n³, 1/n⁵ ...: B(2k) / (2k (2k - 1)). */
function series(n: number): number {
  const s = 1 / (n * n);
  const tail = 1 / 1188 - s * (691 / 360360 - s * (1 / 156 - s * (3617 / 122400)));
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * tail)))) / n;
}

import { centredProduct, type CrossSums } from '../cross-sums.js';
import { overCommonDenominator } from '../numerics/dyadic.js';
import { dot, times } from '../numerics/exact-inverse.js';
import { ratio } from '../numerics/ratio.js';
import type { ExactSlopes } from './within-fit.js';

/** S_x / N, the covariance of the covariates' mean over all arms, as whole numbers over one denominator. */
export interface CovariateSpread {
  readonly products: readonly (readonly bigint[])[];
  readonly denominator: bigint;
}

/** Of all recipients together; the denominator also takes in that slopes count in 1/unit. Needs two recipients. */
export function covariateSpread(all: CrossSums, unit: bigint): CovariateSpread {
  const covariates = all.sums.slice(1).map((_, j) => j + 1);
  const products = covariates.map((i) => covariates.map((j) => centredProduct(all, i, j)));
  return { products, denominator: all.n ** 2n * (all.n - 1n) * unit ** 2n };
}

/** θ_k S_x θ_l / N for all pairs of arms, each rounded once: what adjusted means have in common. */
export function sharedCovariances(slopes: readonly ExactSlopes[], spread: CovariateSpread): number[][] {
  const leaned = slopes.map(({ numerators }) => times(spread.products, numerators));
  return slopes.map((a) =>
    slopes.map((b, l) =>
      ratio(dot(a.numerators, leaned[l] ?? []), spread.denominator * a.denominator * b.denominator),
    ),
  );
}

/**
 * (Σcθ) S_x (Σcθ) / N, rounded once. Slopes that agree must cancel exactly here: nearly collinear covariates have
 * slopes so large that doubles would leave more of them than all the rest of the variance.
 */
export function sharedVariance(
  coefficients: readonly number[],
  slopes: readonly ExactSlopes[],
  spread: CovariateSpread,
): number {
  const { numerators, denominator } = overCommonDenominator(coefficients);
  const common = [...new Set(slopes)].reduce((product, slope) => product * slope.denominator, 1n);
  const shares = slopes.map((slope, k) => (numerators[k] ?? 0n) * (common / slope.denominator));
  const leaning = spread.products.map((_, j) =>
    slopes.reduce((sum, slope, k) => sum + (shares[k] ?? 0n) * (slope.numerators[j] ?? 0n), 0n),
  );
  const square = dot(leaning, times(spread.products, leaning));
  return ratio(square, spread.denominator * (common * denominator) ** 2n);
}

import { centredProduct, impossibleCrossSums, type CrossSums } from '../cross-sums.js';
import { dot, exactInverse, times, type ExactInverse } from '../numerics/exact-inverse.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type Refusal } from '../result.js';
import { unknownSpread } from '../sums.js';

/** Slopes without rounding: `numerators` over one `denominator`, 0 for covariates that were left out. */
export interface ExactSlopes {
  readonly numerators: readonly bigint[];
  /** Above zero. */
  readonly denominator: bigint;
}

/**
 * Least squares of the outcome on the covariates within arms, every arm with its own mean, all with the same slopes.
 */
export interface WithinFit extends ExactSlopes {
  /** Generalized inverse of `scale` times the covariates' sums of products within arms. */
  readonly inverse: ExactInverse;
  readonly scale: bigint;
  /**
   * Sum of squares of the outcome within arms, before and after the fit, times `scale` (after: also times
   * `denominator`).
   */
  readonly total: bigint;
  readonly residual: bigint;
}

/**
 * A refusal unless there are two arms or more of at least two recipients each, described by equally many outcomes:
 * `invalid_input`, `empty_arm`, `too_few`.
 */
export function unfitForAdjustment(arms: readonly CrossSums[]): Refusal | undefined {
  const [first] = arms;
  if (!first || arms.length < 2) return refuse('invalid_input', 'At least two arms are needed.');
  for (const arm of arms) {
    const impossible = impossibleCrossSums(arm);
    if (impossible) return impossible;
    if (arm.sums.length !== first.sums.length) {
      return refuse('invalid_input', 'All arms must have the same covariates.');
    }
    const unknown = unknownSpread(arm);
    if (unknown) return unknown;
  }
  return undefined;
}

/**
 * Fits the outcome (0) on the covariates (1, 2, ...) exactly. With one arm its own slopes (Lin's), with all arms the
 * common slope (analysis of covariance). Covariates that do not vary within the arms, or follow from those before
 * them, are left out.
 */
export function withinFit(arms: readonly CrossSums[]): WithinFit {
  const scale = arms.reduce((all, { n }) => all * n, 1n);
  const shares = arms.map(({ n }) => scale / n);
  const within = (i: number, j: number) =>
    arms.reduce((sum, arm, k) => sum + centredProduct(arm, i, j) * (shares[k] ?? 0n), 0n);
  const covariates = (arms[0]?.sums ?? []).slice(1).map((_, j) => j + 1);
  const inverse = exactInverse(covariates.map((i) => covariates.map((j) => within(i, j))));
  if (!inverse) throw new Error('Sums that were checked have no inverse.');
  const moments = covariates.map((j) => within(0, j));
  const numerators = times(inverse.adjugate, moments);
  const total = within(0, 0);
  const residual = total * inverse.determinant - dot(numerators, moments);
  return { numerators, denominator: inverse.determinant, inverse, scale, total, residual };
}

/** The mean of an arm at covariates `grand` (Σ over all recipients of all arms), as a fraction without rounding. */
export function adjustedMean(
  arm: CrossSums,
  { numerators, denominator }: ExactSlopes,
  grand: CrossSums,
): { numerator: bigint; denominator: bigint } {
  const excess = arm.sums.map((sum, j) => sum * grand.n - (grand.sums[j] ?? 0n) * arm.n).slice(1);
  return {
    numerator: (arm.sums[0] ?? 0n) * grand.n * denominator - dot(numerators, excess),
    denominator: arm.n * grand.n * denominator,
  };
}

/**
 * s²_res / n of an arm, the squared standard error of its mean of y - θx, rounded once: s²_res = (S_yy - 2θS_yx +
 * θ²S_xx)/(n - 1). Outcomes count in 1/unit. Needs n >= 2.
 */
export function residualVariance(arm: CrossSums, slopes: ExactSlopes, unit = 1n): number {
  const weights = [slopes.denominator, ...slopes.numerators.map((t) => -t)];
  const products = weights.map((_, i) => weights.map((__, j) => centredProduct(arm, i, j)));
  const square = dot(weights, times(products, weights));
  return ratio(square, slopes.denominator ** 2n * arm.n * arm.n * (arm.n - 1n) * unit * unit);
}

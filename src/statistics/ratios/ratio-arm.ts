import { impossibleCrossSums, momentsOf, product, type CrossSums } from '../cross-sums.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type Refusal, type Warning } from '../result.js';
import { mean, meanVariance, unknownSpread } from '../sums.js';

/** Columns of the cross sums of a ratio; any that follow are left alone. */
const NUMERATOR = 0;
const DENOMINATOR = 1;

/**
 * Above this share of itself the standard error of the mean denominator can no longer be passed over (Cochran 1977,
 * 6.3).
 */
const NOISY = 0.05;

/** Fewer recipients with a denominator than this are too few to lean on a normal distribution. */
const FEW = 30n;

/**
 * A refusal if a ratio Σy / Σd cannot be had from these sums: `invalid_input` (impossible sums, no second outcome, a
 * total denominator below zero), `empty_arm`, `too_few` (a total denominator of zero).
 */
export function impossibleRatio(arm: CrossSums): Refusal | undefined {
  const impossible = impossibleCrossSums(arm);
  if (impossible) return impossible;
  const total = arm.sums[DENOMINATOR];
  if (total === undefined)
    return refuse('invalid_input', 'A ratio needs two outcomes: above and below the line.');
  if (arm.n === 0n) return refuse('empty_arm', 'An arm has no recipients.');
  if (total < 0n) return refuse('invalid_input', 'The denominators of an arm add up to less than zero.');
  if (total === 0n)
    return refuse('too_few', 'The denominators of an arm add up to zero: nothing to divide by.');
  return undefined;
}

/** As `impossibleRatio`, and `too_few` where a single recipient leaves the spread unknown. */
export function unfitForRatios(arms: readonly CrossSums[]): Refusal | undefined {
  for (const arm of arms) {
    const unfit = impossibleRatio(arm) ?? unknownSpread(arm);
    if (unfit) return unfit;
  }
  return undefined;
}

/** Σy / Σd, rounded once. Needs a denominator other than zero. */
export function ratioOf({ sums }: CrossSums): number {
  return ratio(sums[NUMERATOR] ?? 0n, sums[DENOMINATOR] ?? 0n);
}

/**
 * (Σd)² Σ(y - R d)², exactly. The residuals y - R d have mean zero, so raw sums of products serve, and as one whole
 * number the expression neither cancels nor falls below zero.
 */
export function residualSquares(arm: CrossSums): bigint {
  const [y = 0n, d = 0n] = arm.sums;
  const [yy, yd, dd] = [product(arm, 0, 0), product(arm, 1, 0), product(arm, 1, 1)];
  return d * d * yy - 2n * y * d * yd + y * y * dd;
}

/** Variance of Σy / Σd by the delta method, [s_yy - 2R s_yd + R² s_dd] / (n d̄²), rounded once. Needs n >= 2. */
export function ratioVariance(arm: CrossSums): number {
  const d = arm.sums[DENOMINATOR] ?? 0n;
  return ratio(arm.n * residualSquares(arm), (arm.n - 1n) * d ** 4n);
}

/** Variance of log(Σy / Σd), rounded once. Needs n >= 2 and Σy other than zero. */
export function logRatioVariance(arm: CrossSums): number {
  const [y = 0n, d = 0n] = arm.sums;
  return ratio(arm.n * residualSquares(arm), (arm.n - 1n) * (y * d) ** 2n);
}

/**
 * Warns `noisy_denominator` when the standard error of the mean denominator is above 5 % of it, and `few_events` when
 * fewer than 30 recipients carry the denominator, counted as (Σd)² / Σd²: exact where denominators are 0 or 1.
 */
export function denominatorWarnings(arms: readonly CrossSums[]): Warning[] {
  const warnings: Warning[] = [];
  const denominators = arms.map((arm) => momentsOf(arm, DENOMINATOR));
  if (denominators.some((d) => Math.sqrt(meanVariance(d)) > NOISY * mean(d))) {
    const message = 'The mean denominator of an arm is uncertain by more than 5 %: the interval is rough.';
    warnings.push({ code: 'noisy_denominator', message });
  }
  if (denominators.some(({ sum, sumSquares }) => sum * sum < FEW * sumSquares)) {
    const message = 'In an arm fewer than 30 recipients carry the denominator: the interval is rough.';
    warnings.push({ code: 'few_events', message });
  }
  return warnings;
}

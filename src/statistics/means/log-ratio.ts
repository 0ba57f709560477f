import { ratio } from '../numerics/ratio.js';
import type { OutcomeSums } from '../sums.js';

/** log(numerator / denominator) of two whole numbers with the same sign; keeps its digits when they are nearly equal. */
export function logOfRatio(numerator: bigint, denominator: bigint): number {
  const above = ratio(numerator - denominator, denominator);
  return above > -0.5 && above < 1 ? Math.log1p(above) : Math.log(ratio(numerator, denominator));
}

/** Squared standard error of the log of a mean by the delta method, s² / (n ȳ²), rounded once. Needs n >= 2 and Σy ≠ 0. */
export function relativeVariance({
  n,
  sum,
  sumSquares,
}: Pick<OutcomeSums, 'n' | 'sum' | 'sumSquares'>): number {
  return ratio(n * sumSquares - sum * sum, (n - 1n) * sum * sum);
}

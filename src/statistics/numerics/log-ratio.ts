import { ratio } from './ratio.js';

/**
 * log(numerator / denominator) of two whole numbers with the same sign; keeps its digits where they are nearly equal.
 */
export function logRatio(numerator: bigint, denominator: bigint): number {
  const excess = ratio(numerator - denominator, denominator);
  return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(ratio(numerator, denominator));
}

import { ratio } from '../numerics/ratio.js';

/** log(a / b) of whole numbers above zero, without loss where they are nearly equal. */
export function logQuotient(a: bigint, b: bigint): number {
  const excess = ratio(a - b, b);
  return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(ratio(a, b));
}

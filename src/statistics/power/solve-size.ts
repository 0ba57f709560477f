import { findRoot } from '../numerics/find-root.js';
import type { OrRefusal } from '../result.js';
import { MOST_RECIPIENTS, tooMany } from './error-rates.js';

/** The smallest real size from `least` on whose power, growing with size, is the wanted one; refuses beyond 1e12. */
export function solveSize(
  powerAt: (n: number) => number,
  wanted: number,
  least: number,
): OrRefusal<{ n: number }> {
  const gap = (n: number) => powerAt(n) - wanted;
  if (gap(least) >= 0) return { n: least };
  let below = least;
  let enough = 2 * least;
  while (gap(enough) < 0) {
    const refusal = tooMany(enough > MOST_RECIPIENTS / 4 ? Infinity : enough);
    if (refusal) return refusal;
    [below, enough] = [enough, 4 * enough];
  }
  return { n: findRoot(gap, below, enough) };
}

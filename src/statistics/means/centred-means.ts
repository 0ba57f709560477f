import { ratio } from '../numerics/ratio.js';
import type { OutcomeSums } from '../sums.js';

/**
 * Means less a whole number near all of them, each rounded once: differences between large means (an account
 * balance in cents) keep digits that the means themselves have no room for. Arms without recipients give 0.
 */
export function centredMeans(arms: readonly OutcomeSums[]): { centre: bigint; means: number[] } {
  const first = arms.find((arm) => arm.n > 0n);
  const centre = first ? first.sum / first.n : 0n;
  const means = arms.map((arm) => (arm.n > 0n ? ratio(arm.sum - centre * arm.n, arm.n) : 0));
  return { centre, means };
}

import type { Count } from '../count.js';
import { ratio } from '../numerics/ratio.js';
import { relativeDeviance } from './relative-deviance.js';

/**
 * Σ O log(O / E) over successes and failures of all arms, E = what equal rates would give: half of the G statistic, and
 * the part of a hypergeometric probability that Stirling's formula leaves to large numbers. Written as a sum of E h(t)
 * with t = (O - E) / E exact before it is rounded, so that no term cancels another: good for arms of 1e15. Needs at
 * least one success and one failure, and no empty arm.
 */
export function tableDeviance(arms: readonly Count[]): number {
  const n = arms.reduce((total, arm) => total + arm.n, 0n);
  const successes = arms.reduce((total, arm) => total + arm.successes, 0n);
  let sum = 0;
  for (const arm of arms) {
    const excess = n * arm.successes - arm.n * successes;
    for (const [sign, column] of [
      [1n, successes],
      [-1n, n - successes],
    ] as const) {
      const expected = arm.n * column;
      sum += ratio(expected, n) * relativeDeviance(ratio(sign * excess, expected));
    }
  }
  return sum;
}

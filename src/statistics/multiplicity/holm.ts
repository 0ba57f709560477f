import { ArgumentError } from '../argument-error.js';
import type { Method } from '../method.js';
/**
 * Holm's (1979) adjusted p-values, in the order given, from natural logarithms of p-values (so that 1e-400 and 1e-500
 * still rank). `planned` is the number of tests planned, at least those given: tests that were refused count too.
 * Throws an ArgumentError for NaN, a log above 0, or fewer planned tests than given: these are faults of the caller, and
 * dropping them silently would make the other p-values too small.
 */
export function holm(logPs: readonly number[], planned: number = logPs.length): number[] {
  if (!(planned >= logPs.length))
    throw new ArgumentError('planned', 'must be at least the number of p-values');
  if (!logPs.every((logP) => logP <= 0))
    throw new ArgumentError('logPs', 'must be logarithms of p-values, none missing');
  const order = logPs.map((_, index) => index).sort((i, j) => compare(logPs[i] ?? 0, logPs[j] ?? 0));
  const adjusted = new Array<number>(logPs.length);
  let highest = -Infinity;
  order.forEach((index, rank) => {
    highest = Math.max(highest, (logPs[index] ?? 0) + Math.log(planned - rank));
    adjusted[index] = Math.exp(Math.min(0, highest));
  });
  return adjusted;
}

/** Subtracting would make NaN of two logs of -Infinity. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export const holmMethod = {
  id: 'multiplicity.holm',
  title: "Holm's adjustment for several tests",
  needs: ['p_values'],
  parameters: [{ name: 'planned', meaning: 'number of tests planned, refused ones included' }],
  reference: 'Holm (1979)',
  compute: holm,
} as const satisfies Method;

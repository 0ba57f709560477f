import { logOneMinusExp } from '../distributions/tails.js';
import type { Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { adjustWith, PLANNED, type AdjustedPs } from './adjusted-p.js';

/**
 * Šidák's adjustment 1 - (1 - p)^planned, a little below Bonferroni's: exact for independent tests, a bound for
 * two-sided tests of jointly normal estimates. Arguments and refusals as for `holm`. Šidák (1967).
 */
export function sidak(logPs: readonly number[], planned: number = logPs.length): OrRefusal<AdjustedPs> {
  return adjustWith(logPs, planned, (given, m) => given.map((logP) => logOfAny(logP, m)));
}

/** log of 1 - (1 - p)^m; below e^-40 it is Bonferroni's to the last digit, and p itself may have underflowed. */
function logOfAny(logP: number, m: number): number {
  const bound = logP + Math.log(m);
  return bound < -40 ? bound : logOneMinusExp(m * logOneMinusExp(logP));
}

export const sidakMethod = {
  id: 'multiplicity.sidak',
  title: "Šidák's adjustment for several tests",
  needs: ['p_values'],
  parameters: [PLANNED],
  reference: 'Šidák (1967)',
  compute: sidak,
} as const satisfies Method;

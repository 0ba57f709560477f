import type { Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { adjustWith, PLANNED, stepUp, type AdjustedPs } from './adjusted-p.js';

/**
 * Hochberg's step-up adjustment: never above Holm's, and like it a bound on the chance of one false rejection or more,
 * but only for tests that are independent or positively dependent (Simes' inequality must hold). Arguments and refusals
 * as for `holm`; tests that were planned and refused count as if their p were 1. Hochberg (1988).
 */
export function hochberg(logPs: readonly number[], planned: number = logPs.length): OrRefusal<AdjustedPs> {
  return adjustWith(logPs, planned, (given, m) => stepUp(given, (logP, rank) => logP + Math.log(m - rank)));
}

export const hochbergMethod = {
  id: 'multiplicity.hochberg',
  title: "Hochberg's adjustment for several tests",
  needs: ['p_values'],
  parameters: [PLANNED],
  reference: 'Hochberg (1988)',
  compute: hochberg,
} as const satisfies Method;

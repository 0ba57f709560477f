import type { Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { adjustWith, PLANNED, stepDown, type AdjustedPs } from './adjusted-p.js';

/**
 * Holm's step-down adjustment of the natural logarithms of p-values (so that 1e-400 and 1e-500 still rank): the chance
 * of one false rejection or more stays below alpha however the tests hang together. `planned` is the number of tests
 * planned: those that were refused count too. Refuses `invalid_input` as a whole when a p-value is missing. Holm
 * (1979).
 */
export function holm(logPs: readonly number[], planned: number = logPs.length): OrRefusal<AdjustedPs> {
  return adjustWith(logPs, planned, (given, m) => stepDown(given, (logP, rank) => logP + Math.log(m - rank)));
}

export const holmMethod = {
  id: 'multiplicity.holm',
  title: "Holm's adjustment for several tests",
  needs: ['p_values'],
  parameters: [PLANNED],
  reference: 'Holm (1979)',
  compute: holm,
} as const satisfies Method;

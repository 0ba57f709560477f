import type { Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { adjustWith, PLANNED, type AdjustedPs } from './adjusted-p.js';

/**
 * Bonferroni's adjustment: each p-value times the number of tests planned. Weaker than Holm's, but intervals of level
 * 1 - alpha / planned hold together at 1 - alpha and leave out 0 exactly when the adjusted p lies below alpha.
 * Arguments and refusals as for `holm`. Dunn (1961).
 */
export function bonferroni(logPs: readonly number[], planned: number = logPs.length): OrRefusal<AdjustedPs> {
  return adjustWith(logPs, planned, (given, m) => given.map((logP) => logP + Math.log(m)));
}

export const bonferroniMethod = {
  id: 'multiplicity.bonferroni',
  title: "Bonferroni's adjustment for several tests",
  needs: ['p_values'],
  parameters: [PLANNED],
  reference: 'Dunn (1961)',
  compute: bonferroni,
} as const satisfies Method;

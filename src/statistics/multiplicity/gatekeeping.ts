import type { Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal } from '../result.js';
import type { AdjustedPs } from './adjusted-p.js';
import { holm } from './holm.js';

/** The tests of one family, as natural logarithms of their p-values. */
export interface TestFamily {
  readonly logPs: readonly number[];
  /** Number of tests planned, those included that were refused; the number of p-values if absent. */
  readonly planned?: number;
}

/**
 * Serial gatekeeping: Holm within each family, and a family opens only when every test of the ones before it is
 * rejected. Its adjusted p-values are therefore at least the largest of the families before. Reject all at or below
 * alpha; the chance of one false rejection or more, over all families, stays below alpha. A test that was planned and
 * refused keeps its gate shut: all later p-values are 1. Refuses `invalid_input` when a p-value is missing, a family is
 * empty or there is none. Maurer, Hothorn & Lehmacher (1995); Bretz et al. (2009).
 */
export function gatekeeping(families: readonly TestFamily[]): OrRefusal<{ families: AdjustedPs[] }> {
  if (families.length === 0) return refuse('invalid_input', 'families: there must be one or more.');
  const answers: AdjustedPs[] = [];
  let gate = -Infinity;
  for (const { logPs, planned = logPs.length } of families) {
    if (planned === 0) return refuse('invalid_input', 'families: a family must have one test or more.');
    const within = holm(logPs, planned);
    if (isRefusal(within)) return within;
    const before = gate;
    const logP = within.logP.map((value) => Math.max(before, value));
    answers.push({ p: logP.map(Math.exp), logP });
    gate = planned > logPs.length ? 0 : Math.max(...logP);
  }
  return { families: answers };
}

export const gatekeepingMethod = {
  id: 'multiplicity.gatekeeping',
  title: 'Gatekeeping over families of tests, Holm within each',
  needs: ['p_values'],
  parameters: [],
  reference: 'Maurer, Hothorn & Lehmacher (1995); Bretz et al. (2009)',
  compute: gatekeeping,
} as const satisfies Method;

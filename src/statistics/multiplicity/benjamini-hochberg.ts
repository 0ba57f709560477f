import type { Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { adjustWith, PLANNED, stepUp, type AdjustedPs } from './adjusted-p.js';

/**
 * Benjamini & Hochberg's adjustment: among all tests whose adjusted p lies below q, the expected share of false
 * rejections is at most q, for tests that are independent or positively dependent. For scans, not for decisions.
 * Arguments and refusals as for `holm`; tests that were planned and refused count as if their p were 1.
 * Benjamini & Hochberg (1995); Benjamini & Yekutieli (2001).
 */
export function benjaminiHochberg(
  logPs: readonly number[],
  planned: number = logPs.length,
): OrRefusal<AdjustedPs> {
  return adjustWith(logPs, planned, (given, m) =>
    stepUp(given, (logP, rank) => logP + Math.log(m / (rank + 1))),
  );
}

export const benjaminiHochbergMethod = {
  id: 'multiplicity.benjamini_hochberg',
  title: 'False discovery rate of Benjamini & Hochberg',
  needs: ['p_values'],
  parameters: [PLANNED],
  reference: 'Benjamini & Hochberg (1995)',
  compute: benjaminiHochberg,
} as const satisfies Method;

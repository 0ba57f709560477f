import type { DeclaredCohort } from './draft.js';
import type { CohortDeclaration } from './experiment.js';

/** A cohort as the experiment keeps it. Of a segment the name says whose it is, whatever its version. */
export function toCohort(declared: DeclaredCohort): CohortDeclaration {
  if (typeof declared === 'string') return { trait: declared };
  if (!('segment' in declared)) return declared;
  return { trait: `segment:${declared.segment.replace(/@\d+$/, '')}`, segment: declared.segment };
}

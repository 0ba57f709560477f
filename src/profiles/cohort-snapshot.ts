import { knownTrait } from './known-trait.js';
import type { Traits } from './traits.js';

/** The cohort of recipients whose trait is not known. */
export const unknownCohort = '(unknown)';

/** The cohort of all values that are not told apart. */
export const otherCohort = 'other';

/** In characters as the database counts them, for cohorts that are asked for afterwards. */
const longestValue = 64;

/**
 * The cohorts a recipient belongs to, by trait, as they stand at enrolment; stored then and never changed, so that
 * nothing the experiment causes can move a recipient from one cohort to another.
 */
export function cohortSnapshot(
  declarations: readonly { readonly trait: string; readonly values?: readonly string[] }[],
  traits: Traits,
): Record<string, string> {
  return Object.fromEntries(
    declarations.map(({ trait, values }) => [trait, cohortOf(traits, trait, values)]),
  );
}

function cohortOf(traits: Traits, trait: string, values: readonly string[] | undefined): string {
  const known = knownTrait(traits, trait);
  if (known === undefined) return unknownCohort;
  const text = String(known);
  const toldApart =
    Array.from(text).length <= longestValue && (values === undefined || values.includes(text));
  return toldApart ? text : otherCohort;
}

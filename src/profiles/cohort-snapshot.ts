import { knownTrait } from './known-trait.js';
import type { Traits } from './traits.js';

/** The cohort of recipients whose trait is not known. */
export const unknownCohort = '(unknown)';

/** The cohort of all values that are not told apart. */
export const otherCohort = 'other';

/** The cohorts of a segment. */
export const inSegment = 'in';
export const notInSegment = 'not in';

/** In characters as the database counts them, for cohorts that are asked for afterwards. */
const longestValue = 64;

/**
 * The cohorts a recipient belongs to, by trait, as they stand at enrolment; stored then and never changed, so that
 * nothing the experiment causes can move a recipient from one cohort to another.
 *
 * @param isIn whether the recipient is in a segment, `name@version`; undefined where nobody can tell.
 */
export function cohortSnapshot(
  declarations: readonly {
    readonly trait: string;
    readonly values?: readonly string[];
    readonly segment?: string;
  }[],
  traits: Traits,
  isIn: (segment: string) => boolean | undefined = () => undefined,
): Record<string, string> {
  return Object.fromEntries(
    declarations.map(({ trait, values, segment }) => [
      trait,
      segment === undefined ? cohortOf(traits, trait, values) : segmentCohort(isIn(segment)),
    ]),
  );
}

function segmentCohort(isIn: boolean | undefined): string {
  if (isIn === undefined) return unknownCohort;
  return isIn ? inSegment : notInSegment;
}

function cohortOf(traits: Traits, trait: string, values: readonly string[] | undefined): string {
  const known = knownTrait(traits, trait);
  if (known === undefined) return unknownCohort;
  const text = String(known);
  const toldApart =
    Array.from(text).length <= longestValue && (values === undefined || values.includes(text));
  return toldApart ? text : otherCohort;
}

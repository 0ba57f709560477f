import type { Knex } from 'knex';
import { insertOrLockProfiles, type ProfileRow, updateProfiles } from '../database/profiles.js';
import {
  emptyProfile,
  type GivenTraits,
  mergeProfile,
  noPrecedence,
  type Profile,
  type SourcePrecedence,
} from '../profiles/merge-profile.js';
import type { Traits } from '../profiles/traits.js';
import { addToList } from './add-to-list.js';

/** The source of traits that come with a request for arms. */
export const assignmentSource = 'assignment';

export interface GivenProfile extends GivenTraits {
  readonly recipientKey: string;
}

/** Lays the traits of a request for arms over what is known; they are as of now. */
export async function mergeIntoProfiles(
  trx: Knex,
  rows: readonly { readonly recipientKey: string; readonly givenTraits: Traits }[],
  now: Date,
): Promise<void> {
  const [source, at] = [assignmentSource, now.toISOString()];
  await mergeGivenProfiles(
    trx,
    rows.map(({ recipientKey, givenTraits }) => ({ recipientKey, traits: givenTraits, source, at })),
    now,
  );
}

/**
 * Merges any number of givings, several of one recipient in the order of their times, with two or three statements. For use
 * in a transaction: profiles stay locked until it ends, in the order of their keys.
 *
 * @returns for every giving whether it changed the profile.
 */
export async function mergeGivenProfiles(
  trx: Knex,
  given: readonly GivenProfile[],
  now: Date,
  precedence: SourcePrecedence = noPrecedence,
): Promise<boolean[]> {
  const changed = given.map(() => false);
  const byRecipient = groupByRecipient(given);
  const fold = (recipientKey: string, stored: Profile): ProfileRow => {
    let profile = stored;
    for (const index of byRecipient.get(recipientKey) ?? []) {
      const one = given[index];
      if (!one) continue;
      const merged = mergeProfile(profile, one, precedence);
      changed[index] = merged.changed;
      profile = merged;
    }
    return { recipientKey, traits: profile.traits, origins: profile.origins };
  };
  const fresh = [...byRecipient.keys()].map((recipientKey) => fold(recipientKey, emptyProfile));
  const stored = await insertOrLockProfiles(trx, fresh, now);
  const merged = [...stored].flatMap(([recipientKey, profile]) => {
    const row = fold(recipientKey, profile);
    return (byRecipient.get(recipientKey) ?? []).some((index) => changed[index]) ? [row] : [];
  });
  await updateProfiles(trx, merged, now);
  return changed;
}

/** Positions by recipient, recipients in the order of their keys, positions in the order of time. */
function groupByRecipient(given: readonly GivenProfile[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  given.forEach(({ recipientKey, traits }, index) => {
    if (Object.keys(traits).length > 0) addToList(groups, recipientKey, index);
  });
  const at = (index: number): string => given[index]?.at ?? '';
  for (const group of groups.values()) group.sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0));
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

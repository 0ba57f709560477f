import type { Knex } from 'knex';
import { knownTraits } from '../database/questions/known-traits.js';
import { recipientsAfter } from '../database/questions/touched-recipients.js';
import type { HistoryNeeds, Profile } from '../profiles/history.js';
import { loadHistories } from './load-histories.js';

export interface Person extends Profile {
  readonly recipientKey: string;
}

/** What is looked at together for personas. */
export const mostPeople = 20_000;
const atOnce = 500;

/**
 * Recipients as they were at a clock, batch by batch, up to so many of them. Keys are pseudonyms, so that the first of them are
 * as good as drawn by lot. Whoever has more events than can be used is left out.
 */
export async function* readPeople(
  db: Knex,
  needs: HistoryNeeds,
  clock: Date,
  most: number = mostPeople,
): AsyncGenerator<Person[]> {
  let after = '';
  for (let read = 0; read < most;) {
    const keys = await recipientsAfter(db, after, Math.min(atOnce, most - read));
    const last = keys.at(-1);
    if (last === undefined) return;
    const { histories, tooLong } = await loadHistories(db, keys, needs, clock);
    const traits = await knownTraits(db, keys);
    yield keys
      .filter((key) => !tooLong.has(key))
      .map((recipientKey) => ({
        recipientKey,
        traits: traits.get(recipientKey) ?? {},
        history: histories.get(recipientKey) ?? [],
      }));
    read += keys.length;
    after = last;
  }
}

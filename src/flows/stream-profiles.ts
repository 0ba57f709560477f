import type { Knex } from 'knex';
import { recipientsPage } from '../database/questions/recipients-page.js';
import type { HistoryNeeds, Profile } from '../profiles/history.js';
import { loadHistories } from './load-histories.js';

const pageSize = 1_000;

export interface StreamedProfile {
  readonly recipientKey: string;
  readonly profile: Profile;
}

export interface ProfileStream {
  /** What of the histories is needed. */
  readonly needs: HistoryNeeds;
  /** Nothing that happened at it or later is seen. Traits are as they are now. */
  readonly clock: Date;
  /** So many recipients at most. Keys are pseudonyms, so that the first ones are as good as any. */
  readonly most: number;
}

/**
 * Profiles as they are stored, page by page, in the order of their keys. Recipients with more events than a decision looks at
 * are left out: nothing would be decided on them either.
 */
export async function* streamProfiles(
  db: Knex,
  { needs, clock, most }: ProfileStream,
): AsyncGenerator<StreamedProfile[]> {
  let after = '';
  let left = most;
  while (left > 0) {
    const page = await recipientsPage(db, after, Math.min(pageSize, left));
    const last = page.at(-1);
    if (!last) return;
    after = last.recipientKey;
    left -= page.length;
    const keys = page.map(({ recipientKey }) => recipientKey);
    const { histories, tooLong } = await loadHistories(db, keys, needs, clock);
    yield page
      .filter(({ recipientKey }) => !tooLong.has(recipientKey))
      .map(({ recipientKey, traits }) => ({
        recipientKey,
        profile: { traits, history: histories.get(recipientKey) ?? [] },
      }));
  }
}

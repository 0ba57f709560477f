import type { Knex } from 'knex';
import type { Traits } from '../profiles/traits.js';
import { insertRows } from './insert-rows.js';

/**
 * Lays given traits over what is stored; a null makes a trait unknown again. Done by the database, so that of two calls at
 * once neither loses what it gave. Give rows in the order of their keys.
 */
export async function mergeIntoProfiles(
  db: Knex,
  rows: readonly { readonly recipientKey: string; readonly givenTraits: Traits }[],
  now: Date,
): Promise<void> {
  const given = rows.filter((row) => Object.keys(row.givenTraits).length > 0);
  await insertRows(
    db,
    'profiles',
    {
      recipient_key: { type: 'text', values: given.map((row) => row.recipientKey) },
      traits: { type: 'jsonb', values: given.map((row) => JSON.stringify(row.givenTraits)) },
      updated_at: { type: 'timestamptz', values: given.map(() => now) },
    },
    `on conflict (recipient_key) do update
       set traits = jsonb_strip_nulls(profiles.traits || excluded.traits), updated_at = excluded.updated_at`,
  );
}

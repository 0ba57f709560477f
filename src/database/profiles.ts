import type { Knex } from 'knex';
import type { Traits } from '../profiles/traits.js';
import { insertRows } from './insert-rows.js';

export interface StoredProfile {
  readonly recipientKey: string;
  readonly traits: Traits;
}

/** Stores traits as merged by the caller. Give rows in the order of their keys. */
export async function upsertProfiles(db: Knex, rows: readonly StoredProfile[], now: Date): Promise<void> {
  await insertRows(
    db,
    'profiles',
    {
      recipient_key: { type: 'text', values: rows.map((row) => row.recipientKey) },
      traits: { type: 'jsonb', values: rows.map((row) => JSON.stringify(row.traits)) },
      updated_at: { type: 'timestamptz', values: rows.map(() => now) },
    },
    `on conflict (recipient_key) do update set traits = excluded.traits, updated_at = excluded.updated_at`,
  );
}

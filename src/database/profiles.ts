import type { Knex } from 'knex';
import type { Profile } from '../profiles/merge-profile.js';
import { insertRows } from './insert-rows.js';
import { touchRecipients } from './segment-members.js';

export interface ProfileRow extends Profile {
  readonly recipientKey: string;
}

/**
 * Inserts the profiles of recipients who have none and locks those of the others until the transaction ends, both in one
 * pass in the order of the keys, so that writers wait for each other in a line. Give rows in the order of their keys.
 *
 * @returns what is stored for the recipients who had a profile already; theirs is left as it is.
 */
export async function insertOrLockProfiles(
  db: Knex,
  rows: readonly ProfileRow[],
  now: Date,
): Promise<Map<string, Profile>> {
  const inserted = await insertRows<{ recipient_key: string }>(
    db,
    'profiles',
    columnsOf(rows, now),
    // Never updates, but takes the lock: `do nothing` would not.
    `on conflict (recipient_key) do update set updated_at = excluded.updated_at where false
     returning recipient_key`,
  );
  const isNew = new Set(inserted.map((row) => row.recipient_key));
  await touchRecipients(db, [...isNew]);
  const known = rows.map((row) => row.recipientKey).filter((key) => !isNew.has(key));
  if (known.length === 0) return new Map();
  // A statement of its own, so that it sees what whoever held the lock has written.
  const result = await db.raw<{ rows: ProfileRow[] }>(
    `select recipient_key as "recipientKey", traits, origins from profiles where recipient_key = any(?::text[])`,
    [known],
  );
  return new Map(result.rows.map(({ recipientKey, traits, origins }) => [recipientKey, { traits, origins }]));
}

/** Writes profiles that are locked. */
export async function updateProfiles(db: Knex, rows: readonly ProfileRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsOf(rows, now);
  await db.raw(
    `update profiles p set traits = g.traits, origins = g.origins, updated_at = g.updated_at
     from unnest(?::text[], ?::jsonb[], ?::jsonb[], ?::timestamptz[]) g (recipient_key, traits, origins, updated_at)
     where p.recipient_key = g.recipient_key`,
    [
      columns.recipient_key.values,
      columns.traits.values,
      columns.origins.values,
      columns.updated_at.values,
    ] as unknown as Knex.RawBinding[],
  );
  await touchRecipients(
    db,
    rows.map((row) => row.recipientKey),
  );
}

function columnsOf(rows: readonly ProfileRow[], now: Date) {
  return {
    recipient_key: { type: 'text', values: rows.map((row) => row.recipientKey) },
    traits: { type: 'jsonb', values: rows.map((row) => JSON.stringify(row.traits)) },
    origins: { type: 'jsonb', values: rows.map((row) => JSON.stringify(row.origins)) },
    updated_at: { type: 'timestamptz', values: rows.map(() => now) },
  } as const;
}

import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';
import { touchRecipients } from './segment-members.js';

export interface Identity {
  readonly recipientKey: string;
  readonly recipientId: string;
}

/** The one place where the id itself is kept. Give rows in the order of their keys. */
export async function insertIdentities(db: Knex, rows: readonly Identity[]): Promise<void> {
  const inserted = await insertRows<{ recipient_key: string }>(
    db,
    'identities',
    {
      recipient_key: { type: 'text', values: rows.map((row) => row.recipientKey) },
      recipient_id: { type: 'text', values: rows.map((row) => row.recipientId) },
    },
    'on conflict (recipient_key) do nothing returning recipient_key',
  );
  await touchRecipients(
    db,
    inserted.map((row) => row.recipient_key),
  );
}

/** Locks identities until the transaction ends, in the order given; ids themselves are left alone. */
export async function lockIdentities(db: Knex, recipientKeys: readonly string[]): Promise<void> {
  await db.raw(
    `select 1 from unnest(?::text[]) as asked (key)
     cross join lateral (select 1 from identities where recipient_key = asked.key for no key update) i`,
    [recipientKeys as string[]],
  );
}

export async function countIdentities(db: Knex): Promise<number> {
  const result = await db.raw<{ rows: { n: number }[] }>('select count(*)::float8 as n from identities');
  return result.rows[0]?.n ?? 0;
}

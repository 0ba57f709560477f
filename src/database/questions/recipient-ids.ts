import type { Knex } from 'knex';

/** What are the senders' own ids of these recipients? Those that are not known are missing. */
export async function recipientIds(db: Knex, recipientKeys: readonly string[]): Promise<Map<string, string>> {
  const result = await db.raw<{ rows: { key: string; id: string }[] }>(
    'select recipient_key as key, recipient_id as id from identities where recipient_key = any(?::text[])',
    [recipientKeys as string[]],
  );
  return new Map(result.rows.map(({ key, id }) => [key, id]));
}

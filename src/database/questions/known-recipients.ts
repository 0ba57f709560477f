import type { Knex } from 'knex';

/** Which of these recipients were ever heard of? */
export async function knownRecipients(db: Knex, recipientKeys: readonly string[]): Promise<Set<string>> {
  const result = await db.raw<{ rows: { recipient_key: string }[] }>(
    'select recipient_key from identities where recipient_key = any(?::text[])',
    [recipientKeys as string[]],
  );
  return new Set(result.rows.map((row) => row.recipient_key));
}

import type { Knex } from 'knex';
import type { Traits } from '../../profiles/traits.js';

/** What is known about these recipients from earlier calls? */
export async function knownTraits(db: Knex, recipientKeys: readonly string[]): Promise<Map<string, Traits>> {
  const result = await db.raw<{ rows: { recipient_key: string; traits: Traits }[] }>(
    'select recipient_key, traits from profiles where recipient_key = any(?::text[])',
    [recipientKeys as string[]],
  );
  return new Map(result.rows.map((row) => [row.recipient_key, row.traits]));
}

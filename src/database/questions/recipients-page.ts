import type { Knex } from 'knex';
import type { Traits } from '../../profiles/traits.js';

export interface KnownTraits {
  readonly recipientKey: string;
  /** Empty where nothing was ever said about the recipient. */
  readonly traits: Traits;
}

/** Who is known, in the order of their keys, from after this one on, and what their traits are now? */
export async function recipientsPage(db: Knex, after: string, limit: number): Promise<KnownTraits[]> {
  const result = await db.raw<{ rows: KnownTraits[] }>(
    `select i.recipient_key as "recipientKey", coalesce(p.traits, '{}') as traits
     from (select recipient_key from identities where recipient_key > ? order by recipient_key limit ?) i
     left join profiles p using (recipient_key)
     order by i.recipient_key`,
    [after, limit],
  );
  return result.rows;
}

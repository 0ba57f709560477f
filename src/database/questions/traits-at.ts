import type { Knex } from 'knex';
import type { TraitValue } from '../../profiles/traits.js';

export interface TraitAt {
  readonly recipientKey: string;
  readonly name: string;
  readonly value: TraitValue;
  /** When it was so; empty where it was stored before that was kept. */
  readonly at: string;
}

/** These traits of these recipients, each with when it was said. */
export async function traitsAt(
  db: Knex,
  recipientKeys: readonly string[],
  names: readonly string[],
): Promise<TraitAt[]> {
  const result = await db.raw<{ rows: TraitAt[] }>(
    `select p.recipient_key as "recipientKey", n.name, p.traits -> n.name as value,
       coalesce(p.origins -> n.name ->> 1, '') as at
     from profiles p cross join unnest(?::text[]) as n (name)
     where p.recipient_key = any(?::text[]) and p.traits \\? n.name`,
    [names as string[], recipientKeys as string[]],
  );
  return result.rows;
}

import type { Knex } from 'knex';
import type { TraitCount } from '../../profiles/quality.js';

/** How many profiles are there, and how many have each trait, the most frequent first? */
export async function traitCounts(
  db: Knex,
  most: number,
): Promise<{ readonly profiles: number; readonly traits: TraitCount[] }> {
  const total = await db.raw<{ rows: { n: string }[] }>('select count(*) as n from profiles');
  const traits = await db.raw<{ rows: { trait: string; known: string }[] }>(
    `select trait, count(*) as known from profiles, jsonb_object_keys(traits) trait
     group by trait order by count(*) desc, trait limit ?`,
    [most],
  );
  return {
    profiles: Number(total.rows[0]?.n ?? 0),
    traits: traits.rows.map(({ trait, known }) => ({ trait, known: Number(known) })),
  };
}

/** How many profiles lack at least one of these traits? */
export async function incompleteProfiles(db: Knex, expected: readonly string[]): Promise<number> {
  if (expected.length === 0) return 0;
  const result = await db.raw<{ rows: { n: string }[] }>(
    'select count(*) as n from profiles where not jsonb_exists_all(traits, ?::text[])',
    [expected as string[]],
  );
  return Number(result.rows[0]?.n ?? 0);
}

import type { Knex } from 'knex';

/** Who is known, page by page in an order of the database's own? */
export async function identityPage(db: Knex, after: string, limit: number): Promise<string[]> {
  const result = await db.raw<{ rows: { recipient_key: string }[] }>(
    `select recipient_key from identities where recipient_key > ? order by recipient_key limit ?`,
    [after, limit],
  );
  return result.rows.map((row) => row.recipient_key);
}

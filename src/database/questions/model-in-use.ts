import type { Knex } from 'knex';

/** Which model of a strategy version is in use, by its content hash? Undefined: none was ever promoted. */
export async function modelInUse(db: Knex, strategy: string): Promise<string | undefined> {
  const result = await db.raw<{ rows: { model: string }[] }>(
    `select model from model_promotions where strategy = ? and status = 'promoted' order by id desc limit 1`,
    [strategy],
  );
  return result.rows[0]?.model;
}

import type { Knex } from 'knex';

/**
 * Makes the database refuse every row that is written to a table, with an error code of PostgreSQL's. @returns what takes
 * that back.
 */
export async function failOn(db: Knex, table: string, sqlState: string): Promise<() => Promise<void>> {
  await db.raw(`create or replace function fail_on_purpose() returns trigger language plpgsql as $$
    begin raise exception 'broken on purpose' using errcode = '${sqlState}'; end $$`);
  await db.raw(`create trigger fail_on_purpose before insert or update on ${table}
    for each row execute function fail_on_purpose()`);
  return async () => {
    await db.raw('drop function fail_on_purpose cascade');
  };
}

import type { Db } from '../../src/database/open.js';

/** A checksum of what stands in every table, by its name: what was not meant to change can be seen not to have. */
export async function tableSums(db: Db): Promise<Record<string, string>> {
  const { rows } = await db.raw<{ rows: { tablename: string }[] }>(
    'select tablename from pg_tables where schemaname = current_schema() order by tablename',
  );
  const sums: Record<string, string> = {};
  for (const { tablename } of rows) {
    const found = await db.raw<{ rows: { sum: string | null }[] }>(
      `select count(*) || ' rows ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') as sum from ${tablename} t`,
    );
    sums[tablename] = found.rows[0]?.sum ?? '';
  }
  return sums;
}

/** Names of the tables in which something is different. */
export function changedTables(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(after).filter((name) => before[name] !== after[name]);
}

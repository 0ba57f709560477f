import type { Knex } from 'knex';
import { type ArrayElement, arrayLiteral } from './array-literal.js';

/** A column of a batch: its PostgreSQL type and one value per row. JSON goes in as text. */
export interface Column {
  readonly type:
    'text' | 'boolean' | 'smallint' | 'int' | 'bigint' | 'numeric' | 'float8' | 'timestamptz' | 'date' | 'json' | 'jsonb';
  readonly values: readonly ArrayElement[];
}

/**
 * Inserts a batch with one statement, whatever its size, by unnesting one array per column: a statement with a
 * placeholder per value would meet the limit of 65,535. `suffix` is fixed text such as `on conflict do nothing`.
 */
export async function insertRows<Row extends object = never>(
  db: Knex,
  table: string,
  columns: Readonly<Record<string, Column>>,
  suffix = '',
): Promise<Row[]> {
  const entries = Object.entries(columns);
  if ((entries[0]?.[1].values.length ?? 0) === 0) return [];
  const names = entries.map(([name]) => name).join(', ');
  const arrays = entries.map(([, column]) => `?::${column.type}[]`).join(', ');
  const result = await db.raw<{ rows: Row[] }>(
    `insert into ${table} (${names}) select * from unnest(${arrays}) ${suffix}`,
    entries.map(([, column]) => arrayLiteral(column.values)),
  );
  return result.rows;
}

import type { Knex } from 'knex';
import { type ArrayElement, type ArrayType, binaryArray } from './binary-array.js';

type ColumnType =
  | 'text'
  | 'boolean'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'numeric'
  | 'float8'
  | 'timestamptz'
  | 'date'
  | 'json'
  | 'jsonb';

/** A column of a batch: its PostgreSQL type and one value per row, or one for all. JSON goes in as text. */
export type Column = { readonly type: ColumnType } & (
  { readonly values: readonly ArrayElement[] } | { readonly all: string | number | Date }
);

const onTheWire: Readonly<Record<ColumnType, ArrayType>> = {
  text: 'text',
  boolean: 'text',
  smallint: 'int',
  int: 'int',
  bigint: 'bigint',
  numeric: 'text',
  float8: 'text',
  timestamptz: 'timestamptz',
  date: 'text',
  json: 'text',
  jsonb: 'text',
};

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
  const names = Object.keys(columns);
  const selected: string[] = [];
  const unnested: string[] = [];
  const given: string[] = [];
  const same: (string | number)[] = [];
  const arrays: Buffer[] = [];
  for (const [name, column] of Object.entries(columns)) {
    if ('all' in column) {
      selected.push(`?::${column.type}`);
      same.push(column.all instanceof Date ? column.all.toISOString() : column.all);
    } else if (column.values.length === 0) return [];
    else {
      const type = onTheWire[column.type];
      selected.push(type === column.type ? `given.${name}` : `given.${name}::${column.type}`);
      unnested.push(`?::${type}[]`);
      given.push(name);
      arrays.push(binaryArray(type, column.values));
    }
  }
  const result = await db.raw<{ rows: Row[] }>(
    `insert into ${table} (${names.join(', ')}) select ${selected.join(', ')}
     from unnest(${unnested.join(', ')}) as given (${given.join(', ')}) ${suffix}`,
    [...same, ...arrays],
  );
  return result.rows;
}

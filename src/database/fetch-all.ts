import type { Knex } from 'knex';

let cursors = 0;

/**
 * Runs a query through a cursor of the server, batch by batch, in flat memory on both sides. For use in a transaction; the
 * cursor ends with it, or when the caller stops asking.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- only the caller knows what the query selects
export async function* fetchAll<Row, Result>(
  trx: Knex,
  sql: string,
  bindings: readonly unknown[],
  batchSize: number,
  convert: (rows: Row[]) => Result[],
): AsyncGenerator<Result[]> {
  const name = `postulate_cursor_${(cursors += 1)}`;
  await trx.raw(`declare ${name} no scroll cursor for ${sql}`, bindings as Knex.RawBinding[]);
  for (;;) {
    const { rows } = await trx.raw<{ rows: Row[] }>(`fetch ${batchSize} from ${name}`);
    if (rows.length > 0) yield convert(rows);
    if (rows.length < batchSize) break;
  }
  await trx.raw(`close ${name}`);
}

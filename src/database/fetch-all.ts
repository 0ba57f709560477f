import { setImmediate as untilSent } from 'node:timers/promises';
import type { Knex } from 'knex';

let cursors = 0;

/**
 * Runs a query through a cursor of the server, batch by batch, in flat memory on both sides. While `convert` works on one
 * batch, the server makes the next. For use in a transaction; the cursor ends with it, or when the caller stops asking.
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
  const fetch = async (): Promise<Row[]> => {
    const { rows } = await trx.raw<{ rows: Row[] }>(`fetch ${batchSize} from ${name}`);
    return rows;
  };
  let rows = await fetch();
  while (rows.length === batchSize) {
    const next = fetch();
    // Where converting fails, nobody waits for it.
    next.catch(() => undefined);
    await untilSent();
    const results = convert(rows);
    // Before the caller goes on: the connection takes one statement at a time, and theirs may be the next.
    rows = await next;
    yield results;
  }
  if (rows.length > 0) yield convert(rows);
  await trx.raw(`close ${name}`);
}

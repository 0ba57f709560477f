import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';

const pauseMs = 100;
const longestMs = 60_000;

/** Answers when every transaction that has written something by now has ended. @throws Error after a minute. */
export async function waitForWriters(db: Knex): Promise<void> {
  let left = await openWriters(db);
  for (let waited = 0; left.length > 0; waited += pauseMs) {
    if (waited >= longestMs)
      throw new Error('a transaction that writes has been open for more than a minute');
    await sleep(pauseMs);
    const open = new Set(await openWriters(db));
    left = left.filter((one) => open.has(one));
  }
}

async function openWriters(db: Knex): Promise<string[]> {
  const result = await db.raw<{ rows: { writer: string }[] }>(
    `select pid || ' ' || xact_start as writer from pg_stat_activity
     where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()`,
  );
  return result.rows.map((row) => row.writer);
}

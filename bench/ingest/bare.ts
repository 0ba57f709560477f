import type { Knex } from 'knex';

/** An event as it is posted. */
export interface Incoming {
  id: string;
  type: string;
  messageId: string;
  at: string;
  class?: string;
  value?: string;
  currency?: string;
}

/** The rows alone, once by their id: what any way of recording must at least do. */
export async function bareInsert(db: Knex, rows: readonly Incoming[]): Promise<void> {
  const now = new Date().toISOString();
  await db.transaction(async (trx) => {
    await trx.raw(
      `insert into bare (id, message_id, type, class, at, value, currency, source, received_at)
       select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::bigint[], ?::text[], ?::text[],
         ?::timestamptz[]) on conflict (id) do nothing`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.messageId),
        rows.map((row) => row.type),
        rows.map((row) => row.class ?? null),
        rows.map((row) => row.at),
        rows.map((row) => (row.value === undefined ? null : row.value.replace('.', ''))),
        rows.map((row) => row.currency ?? null),
        rows.map(() => 'api'),
        rows.map(() => now),
      ] as unknown as Knex.RawBinding[],
    );
  });
}

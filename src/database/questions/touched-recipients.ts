import type { Knex } from 'knex';
import { messageIdsOf } from './message-ids-of.js';

/** Whose events arrived since then? So many keys at most, in no order. */
export async function touchedRecipients(db: Knex, since: Date, most: number): Promise<string[]> {
  const from = since.toISOString();
  const result = await db.raw<{ rows: { key: string }[] }>(
    `select recipient_key as key from events where received_at >= ?::timestamptz and recipient_key is not null
     union
     select e.recipient_key from events v
     join messages m on m.message_id = v.message_id
     join enrolments e on e.id = m.enrolment
     where v.received_at >= ?::timestamptz and v.message_id is not null
     limit ?`,
    [from, from, most],
  );
  return result.rows.map((row) => row.key);
}

/** Whose membership in some segment may have changed by itself? So many keys at most. */
export async function dueRecipients(db: Knex, now: Date, most: number): Promise<string[]> {
  const result = await db.raw<{ rows: { key: string }[] }>(
    `select distinct recipient_key as key from segment_members where recheck_at <= ?::timestamptz limit ?`,
    [now.toISOString(), most],
  );
  return result.rows.map((row) => row.key);
}

/** The keys after one, in their order: everybody who is known. */
export async function recipientsAfter(db: Knex, after: string, most: number): Promise<string[]> {
  const result = await db.raw<{ rows: { key: string }[] }>(
    'select recipient_key as key from identities where recipient_key > ? order by recipient_key limit ?',
    [after, most],
  );
  return result.rows.map((row) => row.key);
}

/**
 * When the next event of each recipient happens that is known already: clocks of sources go fast. `offset 0` keeps the planner
 * from reading all messages and events for every recipient.
 */
export async function nextEvents(
  db: Knex,
  recipientKeys: readonly string[],
  clock: Date,
): Promise<Map<string, number>> {
  const result = await db.raw<{ rows: { key: string; at: number | null }[] }>(
    `with q as materialized (select ?::text[] as keys, ?::timestamptz as clock)
     select a.key, (extract(epoch from least(o.at, m.at)) * 1000)::float8 as at
     from q cross join unnest(q.keys) as a (key)
     cross join lateral (
       select min(at) as at from events
       where recipient_key = a.key and recipient_key is not null and at >= q.clock
     ) o
     cross join lateral (
       select min(v.at) as at from (${messageIdsOf('a.key')}) m cross join lateral (
         select at from events where message_id = m.message_id and message_id is not null and at >= q.clock offset 0
       ) v
     ) m
     where o.at is not null or m.at is not null`,
    [recipientKeys as string[], clock.toISOString()],
  );
  return new Map(result.rows.map(({ key, at }) => [key, at ?? 0]));
}

/**
 * For how long the oldest transaction that has written something is open, in milliseconds: what it writes has a time of arrival
 * that may lie that far back.
 */
export async function oldestWriteMs(db: Knex): Promise<number> {
  const result = await db.raw<{ rows: { ms: number | null }[] }>(
    `select (extract(epoch from clock_timestamp() - min(xact_start)) * 1000)::float8 as ms from pg_stat_activity
     where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()`,
  );
  return Math.max(0, result.rows[0]?.ms ?? 0);
}

import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';

/** One e-mail to one enrolled recipient: the enrolment that it belongs to, and which of its messages it is. */
export interface Message {
  readonly messageId: string;
  readonly enrolment: string;
  /** '' for the first message of the recipient. */
  readonly wave: string;
}

/**
 * Stores messages. @returns the ids that events were waiting for. A message that events came for too early has a row
 * without an enrolment already: both ways in meet in that row, so that neither can miss the other.
 */
export async function insertMessages(db: Knex, messages: readonly Message[]): Promise<string[]> {
  const rows = [...messages].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  const written = await insertRows<{ message_id: string; awaited: boolean }>(
    db,
    'messages',
    {
      message_id: { type: 'text', values: rows.map((row) => row.messageId) },
      enrolment: { type: 'bigint', values: rows.map((row) => row.enrolment) },
      wave: { type: 'text', values: rows.map((row) => row.wave) },
    },
    // A row version that replaces another one carries the mark of its maker: xmax.
    `on conflict (message_id) do update set enrolment = excluded.enrolment, wave = excluded.wave
       where messages.enrolment is null
     returning message_id, xmax <> 0 as awaited`,
  );
  return written.filter((row) => row.awaited).map((row) => row.message_id);
}

/** Whose messages are these? Ids that were never given out are missing from the answer. */
export async function selectMessages(db: Knex, ids: readonly string[]): Promise<Map<string, Message>> {
  if (ids.length === 0) return new Map();
  const result = await db.raw<{ rows: Message[] }>(
    `select m.message_id as "messageId", m.enrolment, m.wave
     from unnest(?::text[]) as asked (id)
     cross join lateral (select * from messages where message_id = asked.id offset 0) m
     where m.enrolment is not null`,
    [ids as string[]],
  );
  return new Map(result.rows.map((row) => [row.messageId, row]));
}

/**
 * Remembers that events wait for messages that are not known. @returns those that have become known meanwhile: whoever
 * stores a message and whoever waits for it wait for each other at its row.
 */
export async function awaitMessages(db: Knex, messageIds: readonly string[]): Promise<Map<string, Message>> {
  if (messageIds.length === 0) return new Map();
  const ids = [...new Set(messageIds)].sort();
  await insertRows(
    db,
    'messages',
    { message_id: { type: 'text', values: ids } },
    'on conflict (message_id) do nothing',
  );
  // The row stays as it is until the events are on the list of those that wait; or, if it is being filled in at this
  // moment, it is read when that is done.
  await db.raw(
    `select 1 from unnest(?::text[]) as asked (id)
     cross join lateral (select 1 from messages where message_id = asked.id for share) m`,
    [ids],
  );
  return selectMessages(db, ids);
}

export interface WaitingEvent {
  readonly messageId: string;
  readonly eventId: string;
}

export async function insertWaitingEvents(db: Knex, rows: readonly WaitingEvent[]): Promise<void> {
  await insertRows(
    db,
    'waiting_events',
    {
      message_id: { type: 'text', values: rows.map((row) => row.messageId) },
      event_id: { type: 'text', values: rows.map((row) => row.eventId) },
    },
    'on conflict do nothing',
  );
}

/** Takes the events that waited for these messages off the list. */
export async function takeWaitingEvents(db: Knex, messageIds: readonly string[]): Promise<WaitingEvent[]> {
  if (messageIds.length === 0) return [];
  const result = await db.raw<{ rows: WaitingEvent[] }>(
    `delete from waiting_events where message_id = any(?::text[])
     returning message_id as "messageId", event_id as "eventId"`,
    [messageIds as string[]],
  );
  return result.rows;
}

import type { Knex } from 'knex';
import type { StoredEvent } from '../engagement/event.js';
import type { ArrayElement } from './binary-array.js';
import { type Column, insertRows } from './insert-rows.js';

/** Appends events. @returns the ids that were new; the others are duplicates. Give rows in the order of their ids. */
export async function insertEvents(
  db: Knex,
  rows: readonly StoredEvent[],
  source: string,
  now: Date,
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const inserted = await insertRows<{ id: string }>(
    db,
    'events',
    eventColumns(rows, source, now),
    'on conflict (id) do nothing returning id',
  );
  return new Set(inserted.map((row) => row.id));
}

/** Those that any row says something in: most batches name no item, no order, no url. */
function eventColumns(
  rows: readonly StoredEvent[],
  source: string,
  now: Date,
): Readonly<Record<string, Column>> {
  const column = (type: 'text' | 'bigint' | 'timestamptz', of: (row: StoredEvent) => ArrayElement) => ({
    type,
    values: rows.map(of),
  });
  const columns = {
    id: column('text', (row) => row.id),
    message_id: column('text', (row) => row.messageId),
    recipient_key: column('text', (row) => row.recipientKey),
    type: column('text', (row) => row.type),
    class: column('text', (row) => row.class),
    at: column('timestamptz', (row) => row.at),
    value: column('bigint', (row) => row.value),
    currency: column('text', (row) => row.currency),
    order_id: column('text', (row) => row.order),
    item: column('text', (row) => row.item),
    category: column('text', (row) => row.category),
    url: column('text', (row) => row.url),
    target: column('text', (row) => row.target),
    properties: {
      type: 'json' as const,
      values: rows.map((row) => (row.properties ? JSON.stringify(row.properties) : undefined)),
    },
  };
  const said = Object.entries(columns).filter(([, { values }]) => values.some((one) => one !== undefined));
  return {
    ...Object.fromEntries(said),
    source: { type: 'text', all: source },
    received_at: { type: 'timestamptz', all: now },
  };
}

/** A row of the table of events, as JSON or the driver gives it. */
export interface EventRow {
  id: string;
  message_id: string | null;
  recipient_key: string | null;
  type: string;
  class: string | null;
  at: string | Date;
  value: string | number | null;
  currency: string | null;
  order_id: string | null;
  item: string | null;
  category: string | null;
  url: string | null;
  target: string | null;
  properties: Record<string, unknown> | null;
}

export function toEvent(row: EventRow): StoredEvent {
  const { class: class_, value, currency, order_id, item, category, url, target, properties } = row;
  return {
    id: row.id,
    type: row.type,
    at: new Date(row.at),
    ...(class_ !== null && { class: class_ }),
    ...(value !== null && { value: BigInt(value) }),
    ...(currency !== null && { currency }),
    ...(order_id !== null && { order: order_id }),
    ...(item !== null && { item }),
    ...(category !== null && { category }),
    ...(url !== null && { url }),
    ...(target !== null && { target }),
    ...(properties !== null && { properties }),
    ...(row.message_id === null ? { recipientKey: row.recipient_key } : { messageId: row.message_id }),
  } as StoredEvent;
}

/** Events by their ids. */
export async function selectEvents(db: Knex, ids: readonly string[]): Promise<StoredEvent[]> {
  if (ids.length === 0) return [];
  const result = await db.raw<{ rows: EventRow[] }>('select * from events where id = any(?::text[])', [
    ids as string[],
  ]);
  return result.rows.map(toEvent);
}

/** What these recipients did without a message, as far as it is of these types. */
export async function selectEventsOfRecipients(
  db: Knex,
  recipientKeys: readonly string[],
  types: readonly string[],
): Promise<StoredEvent[]> {
  const result = await db.raw<{ rows: EventRow[] }>(
    `select v.* from unnest(?::text[]) as asked (recipient_key)
     join events v using (recipient_key) where v.recipient_key is not null and v.type = any(?::text[])`,
    [recipientKeys as string[], types as string[]],
  );
  return result.rows.map(toEvent);
}

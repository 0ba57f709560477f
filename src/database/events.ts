import type { Knex } from 'knex';
import type { EmailEvent } from '../engagement/email-event.js';
import { insertRows } from './insert-rows.js';

/** An event with the enrolment that it belongs to. */
export interface AddressedEvent extends EmailEvent {
  readonly experiment: string;
  readonly recipientKey: string;
}

/** Appends events. @returns the ids that were new; the others are duplicates. Give rows in the order of their ids. */
export async function insertEvents(
  db: Knex,
  rows: readonly AddressedEvent[],
  now: Date,
): Promise<Set<string>> {
  const inserted = await insertRows<{ id: string }>(
    db,
    'events',
    {
      id: { type: 'text', values: rows.map((row) => row.id) },
      experiment: { type: 'text', values: rows.map((row) => row.experiment) },
      recipient_key: { type: 'text', values: rows.map((row) => row.recipientKey) },
      type: { type: 'text', values: rows.map((row) => row.type) },
      at: { type: 'timestamptz', values: rows.map((row) => row.at) },
      class: { type: 'text', values: rows.map((row) => row.class ?? null) },
      value: { type: 'bigint', values: rows.map((row) => row.value?.toString() ?? null) },
      url: { type: 'text', values: rows.map((row) => row.url ?? null) },
      received_at: { type: 'timestamptz', values: rows.map(() => now) },
    },
    'on conflict (id) do nothing returning id',
  );
  return new Set(inserted.map((row) => row.id));
}

import type { Knex } from 'knex';
import type { MessageFacts, Station } from '../engagement/email-event.js';
import type { Outcomes } from '../engagement/outcomes.js';
import { insertRows } from './insert-rows.js';

/** What the events of one enrolled recipient come to. */
export interface RecipientFacts {
  readonly experiment: string;
  readonly recipientKey: string;
  readonly message: MessageFacts;
  readonly outcomes: Outcomes;
}

const stations: Readonly<Record<Station, string>> = {
  sentAt: 'sent_at',
  deliveredAt: 'delivered_at',
  openedAt: 'opened_at',
  humanOpenedAt: 'human_opened_at',
  clickedAt: 'clicked_at',
  convertedAt: 'converted_at',
  unsubscribedAt: 'unsubscribed_at',
  complainedAt: 'complained_at',
  bouncedAt: 'bounced_at',
};

/** Puts the facts in the place of what was known before. */
export async function replaceFacts(db: Knex, rows: readonly RecipientFacts[]): Promise<void> {
  const key = {
    experiment: { type: 'text', values: rows.map((row) => row.experiment) },
    recipient_key: { type: 'text', values: rows.map((row) => row.recipientKey) },
  } as const;
  const times = Object.entries(stations).map(([station, column]) => {
    const values = rows.map((row) => row.message[station as Station] ?? null);
    return [column, { type: 'timestamptz' as const, values }] as const;
  });
  await insertRows(
    db,
    'messages',
    { ...key, ...Object.fromEntries(times) },
    replacing(Object.values(stations)),
  );
  await insertRows(
    db,
    'outcomes',
    { ...key, outcomes: { type: 'jsonb', values: rows.map((row) => outcomesToJson(row.outcomes)) } },
    replacing(['outcomes']),
  );
}

export async function deleteFacts(
  db: Knex,
  rows: readonly { readonly experiment: string; readonly recipientKey: string }[],
): Promise<void> {
  for (const table of ['messages', 'outcomes']) {
    await db.raw(
      `delete from ${table} where (experiment, recipient_key) in (select * from unnest(?::text[], ?::text[]))`,
      [rows.map((row) => row.experiment), rows.map((row) => row.recipientKey)],
    );
  }
}

function replacing(columns: readonly string[]): string {
  const set = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  return `on conflict (experiment, recipient_key) do update set ${set}`;
}

/** Integers travel as decimal strings: JSON numbers would lose digits beyond 2^53. */
export function outcomesToJson(outcomes: Outcomes): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(outcomes).map(([metric, y]) => [metric, y.toString()])),
  );
}

export function outcomesFromJson(json: Readonly<Record<string, string>>): Outcomes {
  const outcomes = Object.create(null) as Record<string, bigint>;
  for (const [metric, y] of Object.entries(json)) outcomes[metric] = BigInt(y);
  return outcomes;
}

/** A message row as facts. */
export function messageFromRow(row: Readonly<Record<string, unknown>>): MessageFacts {
  const known = Object.entries(stations).flatMap(([station, column]) =>
    row[column] instanceof Date ? [[station, row[column]] as const] : [],
  );
  return Object.fromEntries(known);
}

import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';

/** The latest send of one day (UTC) of an experiment; milliseconds since 1970. */
export interface SendDay {
  readonly experiment: string;
  readonly day: string;
  readonly lastSentAt: number;
}

/** Moves the latest sends on; they never move back, so a send that is taken back only makes a report wait for longer. */
export async function addSendDays(db: Knex, days: readonly SendDay[]): Promise<void> {
  const rows = [...days].sort((a, b) => (`${a.experiment} ${a.day}` < `${b.experiment} ${b.day}` ? -1 : 1));
  await insertRows(
    db,
    'send_days',
    {
      experiment: { type: 'text', values: rows.map((row) => row.experiment) },
      day: { type: 'date', values: rows.map((row) => row.day) },
      last_sent_at: { type: 'timestamptz', values: rows.map((row) => row.lastSentAt) },
    },
    `on conflict (experiment, day) do update
       set last_sent_at = excluded.last_sent_at where send_days.last_sent_at < excluded.last_sent_at`,
  );
}

export async function deleteSendDays(db: Knex, experiment: string): Promise<void> {
  await db('send_days').where({ experiment }).delete();
}

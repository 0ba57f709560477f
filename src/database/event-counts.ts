import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';

/** What came in, counted by what it was and what became of it. */
export interface EventCount {
  /** '' where it is not known. */
  readonly experiment: string;
  readonly source: string;
  /** `(unknown)` for types that are kept without being understood, however many there are. */
  readonly type: string;
  readonly class: string;
  /** recorded, duplicate, waiting, or the code of the refusal. */
  readonly status: string;
  readonly n: number;
  /** Seconds from happening to arrival, of those that did not happen after their arrival. */
  readonly lagSum: number;
  readonly lagMax: number;
  /** Dated later than they arrived. */
  readonly ahead: number;
  readonly lastAt: Date | undefined;
}

/** Adds to the counts of the day, in the order of their keys. */
export async function addEventCounts(db: Knex, counts: readonly EventCount[], now: Date): Promise<void> {
  const key = (count: EventCount): string =>
    JSON.stringify([count.experiment, count.source, count.type, count.class, count.status]);
  const rows = [...counts].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  await insertRows(
    db,
    'event_counts',
    {
      experiment: { type: 'text', values: rows.map((row) => row.experiment) },
      source: { type: 'text', values: rows.map((row) => row.source) },
      type: { type: 'text', values: rows.map((row) => row.type) },
      class: { type: 'text', values: rows.map((row) => row.class) },
      status: { type: 'text', values: rows.map((row) => row.status) },
      day: { type: 'date', all: now.toISOString().slice(0, 10) },
      n: { type: 'bigint', values: rows.map((row) => row.n) },
      lag_sum: { type: 'numeric', values: rows.map((row) => row.lagSum) },
      lag_max: { type: 'bigint', values: rows.map((row) => row.lagMax) },
      ahead: { type: 'bigint', values: rows.map((row) => row.ahead) },
      last_at: { type: 'timestamptz', values: rows.map((row) => row.lastAt ?? null) },
      last_received_at: { type: 'timestamptz', all: now },
    },
    `on conflict (experiment, source, type, class, status, day) do update set
       n = event_counts.n + excluded.n, lag_sum = event_counts.lag_sum + excluded.lag_sum,
       lag_max = greatest(event_counts.lag_max, excluded.lag_max), ahead = event_counts.ahead + excluded.ahead,
       last_at = greatest(event_counts.last_at, excluded.last_at),
       last_received_at = greatest(event_counts.last_received_at, excluded.last_received_at)`,
  );
}

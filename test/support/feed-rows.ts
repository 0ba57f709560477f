import type { Knex } from 'knex';
import type { Experiment } from '../../src/experiments/experiment.js';

/** Rows as the ways in would leave them, written directly: for what only reads. */
export interface EventRow {
  id: string;
  type: string;
  at: string;
  received_at: string;
  source: string;
  message_id?: string;
  recipient_key?: string;
  class?: string;
  value?: string;
  currency?: string;
  order_id?: string;
  url?: string;
}

export interface CountRow {
  experiment: string;
  source: string;
  type: string;
  class: string;
  status: string;
  day: string;
  n: number;
  lag_sum: number;
  lag_max: number;
  ahead: number;
  last_at: string | null;
  last_received_at: string;
}

export async function insertRunning(
  db: Knex,
  experiment: Experiment,
  startedAt = '2026-03-01T00:00:00Z',
): Promise<void> {
  await db('experiments').insert({
    key: experiment.key,
    status: 'running',
    definition: JSON.stringify(experiment),
    created_at: startedAt,
    started_at: startedAt,
  });
}

/** Enrols `key` with a message of its own, `m-key`; waves add messages `m-key-wave`. */
export async function insertEnrolment(
  db: Knex,
  experiment: string,
  key: string,
  arm: number,
  waves: readonly string[] = [],
): Promise<void> {
  const rows = await db('enrolments')
    .insert({
      experiment,
      recipient_key: key,
      message_id: `m-${experiment}-${key}`,
      arm,
      fold: 0,
      allocation_version: 1,
      cohorts: '{}',
      enrolled_at: '2026-03-01T08:00:00Z',
    })
    .returning<{ id: string }[]>('id');
  const enrolment = rows[0]!.id;
  await db('messages').insert([
    { message_id: `m-${experiment}-${key}`, enrolment, wave: '' },
    ...waves.map((wave) => ({ message_id: `m-${experiment}-${key}-${wave}`, enrolment, wave })),
  ]);
}

export async function insertCounts(db: Knex, rows: readonly Partial<CountRow>[]): Promise<void> {
  const usual: CountRow = {
    experiment: '',
    source: 'api',
    type: 'sent',
    class: '',
    status: 'recorded',
    day: '2026-03-10',
    n: 1,
    lag_sum: 0,
    lag_max: 0,
    ahead: 0,
    last_at: null,
    last_received_at: '2026-03-10T09:00:00Z',
  };
  await db('event_counts').insert(rows.map((row) => ({ ...usual, ...row })));
}

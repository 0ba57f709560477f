import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';

/** A recipient drawn to an arm, as stored: from then on the row is the answer. */
export interface Enrolment {
  readonly recipientKey: string;
  readonly messageId: string;
  readonly arm: number;
  readonly fold: number;
  readonly allocationVersion: number;
  readonly cohorts: Readonly<Record<string, string>>;
  readonly enrolledAt: Date;
}

/** @returns the numbers of those that were new, by key; the others had been enrolled before. Give rows in the order of their keys. */
export async function insertEnrolments(
  db: Knex,
  experiment: string,
  rows: readonly Enrolment[],
): Promise<Map<string, string>> {
  const inserted = await insertRows<{ recipient_key: string; id: string }>(
    db,
    'enrolments',
    {
      experiment: { type: 'text', values: rows.map(() => experiment) },
      recipient_key: { type: 'text', values: rows.map((row) => row.recipientKey) },
      message_id: { type: 'text', values: rows.map((row) => row.messageId) },
      arm: { type: 'int', values: rows.map((row) => row.arm) },
      fold: { type: 'int', values: rows.map((row) => row.fold) },
      allocation_version: { type: 'int', values: rows.map((row) => row.allocationVersion) },
      cohorts: { type: 'jsonb', values: rows.map((row) => JSON.stringify(row.cohorts)) },
      enrolled_at: { type: 'timestamptz', values: rows.map((row) => row.enrolledAt) },
    },
    'on conflict (experiment, recipient_key) do nothing returning recipient_key, id',
  );
  return new Map(inserted.map((row) => [row.recipient_key, row.id]));
}

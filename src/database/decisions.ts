import type { Knex } from 'knex';
import type { Slots } from '../experiments/experiment.js';
import { insertRows } from './insert-rows.js';

/** What was chosen for one recipient. */
export interface Decision {
  readonly recipientKey: string;
  /** Hash of the strategy version that the arm names; null where the arm has none. */
  readonly assignedStrategy: string | null;
  readonly delivered: 'strategy' | 'fallback';
  readonly fallbackReason: string | null;
  readonly contentHash: string;
  readonly reason: string;
  readonly probability: number;
}

export async function insertDecisions(
  db: Knex,
  experiment: string,
  rows: readonly Decision[],
): Promise<void> {
  await insertRows(db, 'decisions', {
    experiment: { type: 'text', values: rows.map(() => experiment) },
    recipient_key: { type: 'text', values: rows.map((row) => row.recipientKey) },
    assigned_strategy: { type: 'text', values: rows.map((row) => row.assignedStrategy) },
    delivered: { type: 'text', values: rows.map((row) => row.delivered) },
    fallback_reason: { type: 'text', values: rows.map((row) => row.fallbackReason) },
    content_hash: { type: 'text', values: rows.map((row) => row.contentHash) },
    reason: { type: 'text', values: rows.map((row) => row.reason) },
    probability: { type: 'float8', values: rows.map((row) => row.probability) },
  });
}

/** Contents are few and shared by many decisions. */
export async function insertContents(db: Knex, contents: ReadonlyMap<string, Slots>): Promise<void> {
  const hashes = [...contents.keys()].sort();
  await insertRows(
    db,
    'contents',
    {
      hash: { type: 'text', values: hashes },
      slots: { type: 'json', values: hashes.map((hash) => JSON.stringify(contents.get(hash))) },
    },
    'on conflict (hash) do nothing',
  );
}

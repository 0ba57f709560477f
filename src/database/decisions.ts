import type { Knex } from 'knex';
import type { Slots } from '../experiments/experiment.js';
import { insertRows } from './insert-rows.js';

/** What was chosen for one recipient: a row of the ledger. */
export interface Decision {
  readonly recipientKey: string;
  /** `d_…`; null for decisions from before there was a ledger. */
  readonly id: string | null;
  readonly decidedAt: Date | null;
  /** Hash of the manifest that it was made by. */
  readonly manifest: string | null;
  /** Hash of the strategy version that the arm names; null where the arm has none. */
  readonly assignedStrategy: string | null;
  /** Hash of the strategy version whose choice was delivered; null: the fallback, or an arm without strategy. */
  readonly deliveredStrategy: string | null;
  readonly delivered: 'strategy' | 'fallback';
  readonly fallbackReason: string | null;
  /** The strategy's choice is to send nothing. */
  readonly withheld: boolean;
  readonly contentHash: string;
  readonly reason: string;
  readonly probability: number;
  /** `[[item, score, reason], …]`, best first, as JSON text; null: no items. */
  readonly items: string | null;
  /** As JSON text, why: the gist of the strategy's choice, or the steps of the fallback chain as a list; null: its reason says it all. */
  readonly trace: string | null;
  /** What it was made from, as JSON text: `DecisionInputs`; null: it looks at nothing. */
  readonly inputs: string | null;
}

export async function insertDecisions(
  db: Knex,
  experiment: string,
  rows: readonly Decision[],
): Promise<void> {
  await insertRows(db, 'decisions', {
    experiment: { type: 'text', values: rows.map(() => experiment) },
    recipient_key: { type: 'text', values: rows.map((row) => row.recipientKey) },
    id: { type: 'text', values: rows.map((row) => row.id) },
    decided_at: { type: 'timestamptz', values: rows.map((row) => row.decidedAt) },
    manifest: { type: 'text', values: rows.map((row) => row.manifest) },
    assigned_strategy: { type: 'text', values: rows.map((row) => row.assignedStrategy) },
    delivered_strategy: { type: 'text', values: rows.map((row) => row.deliveredStrategy) },
    delivered: { type: 'text', values: rows.map((row) => row.delivered) },
    fallback_reason: { type: 'text', values: rows.map((row) => row.fallbackReason) },
    withheld: { type: 'boolean', values: rows.map((row) => String(row.withheld)) },
    content_hash: { type: 'text', values: rows.map((row) => row.contentHash) },
    reason: { type: 'text', values: rows.map((row) => row.reason) },
    probability: { type: 'float8', values: rows.map((row) => row.probability) },
    items: { type: 'json', values: rows.map((row) => row.items) },
    trace: { type: 'json', values: rows.map((row) => row.trace) },
    inputs: { type: 'json', values: rows.map((row) => row.inputs) },
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

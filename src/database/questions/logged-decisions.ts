import type { Knex } from 'knex';
import type { Slots } from '../../experiments/experiment.js';

/** A row of the ledger, with what was delivered. */
export interface LoggedDecision {
  readonly experiment: string;
  readonly recipientKey: string;
  readonly arm: number;
  /** This and the next three: null for decisions from before there was a ledger. */
  readonly id: string | null;
  readonly decidedAt: Date | null;
  readonly manifest: string | null;
  readonly inputs: unknown;
  readonly assignedStrategy: string | null;
  readonly deliveredStrategy: string | null;
  readonly delivered: 'strategy' | 'fallback';
  readonly fallbackReason: string | null;
  readonly withheld: boolean;
  readonly contentHash: string;
  readonly slots: Slots;
  readonly reason: string;
  readonly probability: number;
  readonly items: readonly (readonly [string, number, string])[] | null;
  readonly trace: unknown;
}

const columns = `d.experiment, d.recipient_key as "recipientKey", e.arm, d.id, d.decided_at as "decidedAt", d.manifest, d.inputs,
  d.assigned_strategy as "assignedStrategy", d.delivered_strategy as "deliveredStrategy", d.delivered,
  d.fallback_reason as "fallbackReason", d.withheld, d.content_hash as "contentHash", c.slots, d.reason, d.probability, d.items, d.trace`;
const tables = `decisions d join enrolments e using (experiment, recipient_key) join contents c on c.hash = d.content_hash`;

/** What was decided in an experiment, page by page in the order of the recipient keys? */
export async function loggedDecisions(
  db: Knex,
  experiment: string,
  after: string,
  limit: number,
): Promise<LoggedDecision[]> {
  const result = await db.raw<{ rows: LoggedDecision[] }>(
    `select ${columns} from ${tables}
     where d.experiment = ? and d.recipient_key > ? order by d.recipient_key limit ?`,
    [experiment, after, limit],
  );
  return result.rows;
}

/** What was decided under this id? */
export async function loggedDecision(db: Knex, id: string): Promise<LoggedDecision | undefined> {
  const result = await db.raw<{ rows: LoggedDecision[] }>(`select ${columns} from ${tables} where d.id = ?`, [
    id,
  ]);
  return result.rows[0];
}

import type { Knex } from 'knex';
import type { Slots } from '../../experiments/experiment.js';
import type { Traits } from '../../profiles/traits.js';

/** A decision of an experiment, who it was for, and what came of it. */
export interface DecidedOutcome {
  readonly recipientKey: string;
  readonly arm: number;
  readonly allocation: number;
  /** Milliseconds since 1970. */
  readonly enrolledAt: number;
  readonly history: string | null;
  /** Outcomes in the order of the metrics; null: nothing has happened yet. */
  readonly y: readonly number[] | null;
  /** Null for decisions from before there was a ledger. */
  readonly decidedAt: Date | null;
  readonly inputs: unknown;
  readonly withheld: boolean;
  readonly slots: Slots;
  readonly items: readonly (readonly [string, number, string])[] | null;
  readonly probability: number;
  /** What is known of the recipient now. */
  readonly traits: Traits;
  /** By trait its source and since when it has been so (ISO 8601). */
  readonly origins: Readonly<Record<string, readonly [string, string]>>;
}

/** What was decided in an experiment, and what came of it? Page by page, in the order of the recipient keys. */
export async function decidedOutcomes(
  db: Knex,
  experiment: string,
  after: string,
  limit: number,
): Promise<DecidedOutcome[]> {
  const result = await db.raw<{ rows: (Omit<DecidedOutcome, 'y'> & { readonly y: string[] | null })[] }>(
    `select d.recipient_key as "recipientKey", e.arm, e.allocation_version as allocation,
       (extract(epoch from e.enrolled_at) * 1000)::float8 as "enrolledAt", e.history, e.y::text[] as y,
       d.decided_at as "decidedAt", d.inputs, d.withheld, c.slots, d.items, d.probability,
       coalesce(p.traits, '{}') as traits, coalesce(p.origins, '{}') as origins
     from decisions d join enrolments e using (experiment, recipient_key) join contents c on c.hash = d.content_hash
       left join profiles p using (recipient_key)
     where d.experiment = ? and d.recipient_key > ? order by d.recipient_key limit ?`,
    [experiment, after, limit],
  );
  return result.rows.map((row) => ({ ...row, y: row.y && row.y.map(Number) }));
}

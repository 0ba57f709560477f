import type { Knex } from 'knex';

/** An enrolled recipient with what became of them, as stored. */
export interface StoredTrialRow {
  readonly recipientKey: string;
  readonly arm: number;
  readonly fold: number;
  /** Milliseconds since 1970. */
  readonly enrolledAt: number;
  /** The history as text, see `engagement/history.ts`. */
  readonly history: string | null;
  /** Outcomes in the order of the metrics; null: nothing has happened yet. */
  readonly y: readonly number[] | null;
}

/**
 * Who was drawn to which arm before a moment under this version of the allocation, and what came of it? Page by page, in the
 * order of the recipient keys.
 */
export async function trialRows(
  db: Knex,
  question: { readonly experiment: string; readonly allocation: number; readonly before: Date },
  after: string,
  limit: number,
): Promise<StoredTrialRow[]> {
  const result = await db.raw<{ rows: (Omit<StoredTrialRow, 'y'> & { readonly y: string[] | null })[] }>(
    `select recipient_key as "recipientKey", arm, fold, history, y::text[] as y,
       (extract(epoch from enrolled_at) * 1000)::float8 as "enrolledAt"
     from enrolments
     where experiment = ? and allocation_version = ? and enrolled_at < ? and recipient_key > ?
     order by recipient_key limit ?`,
    [question.experiment, question.allocation, question.before, after, limit],
  );
  return result.rows.map((row) => ({ ...row, y: row.y && row.y.map(Number) }));
}

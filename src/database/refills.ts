import type { Knex } from 'knex';

/** What a refill adds to the definition of its experiment before it makes facts and cells again. */
export type Addition = { readonly metric: unknown } | { readonly cohort: unknown };

export interface Refill {
  readonly id: string;
  readonly experiment: string;
  readonly addition: Addition | null;
}

export async function insertRefill(
  db: Knex,
  refill: Refill & { readonly reason: string; readonly requestedAt: Date },
): Promise<void> {
  await db('refills').insert({
    id: refill.id,
    experiment: refill.experiment,
    reason: refill.reason,
    addition: refill.addition === null ? null : JSON.stringify(refill.addition),
    requested_at: refill.requestedAt,
  });
}

/** The oldest refill that is open and that nobody else works on; locked until the transaction ends. */
export async function takeRefill(trx: Knex): Promise<Refill | undefined> {
  const result = await trx.raw<{ rows: Refill[] }>(
    `select id, experiment, addition from refills where finished_at is null
     order by requested_at, id limit 1 for update skip locked`,
  );
  return result.rows[0];
}

/** Says to everybody how far it is. Outside the transaction that works on it, which is seen by nobody. */
export async function noteRefillProgress(db: Knex, id: string, recipients: number): Promise<void> {
  await db.raw(
    `insert into refill_progress (refill, recipients, updated_at) values (?, ?, now())
     on conflict (refill) do update set recipients = excluded.recipients, updated_at = excluded.updated_at`,
    [id, recipients],
  );
}

export async function finishRefill(
  db: Knex,
  id: string,
  result: { readonly at: Date; readonly recipients?: number; readonly error?: string },
): Promise<void> {
  await db('refills')
    .where({ id })
    .update({ finished_at: result.at, recipients: result.recipients ?? null, error: result.error ?? null });
  await db('refill_progress').where({ refill: id }).delete();
}

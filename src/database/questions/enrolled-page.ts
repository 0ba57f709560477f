import type { Knex } from 'knex';

export interface EnrolledRecipient {
  readonly experiment: string;
  readonly recipientKey: string;
  readonly arm: number;
  readonly fold: number;
  readonly messageId: string;
  /** The id itself, from the identity table; null after it was erased. */
  readonly recipientId: string | null;
}

/** Who is enrolled, in the order of their keys, from after this one on? */
export async function enrolledPage(
  db: Knex,
  experiment: string,
  after: string,
  limit: number,
): Promise<EnrolledRecipient[]> {
  const result = await db.raw<{ rows: EnrolledRecipient[] }>(
    `select e.experiment, e.recipient_key as "recipientKey", e.arm, e.fold, e.message_id as "messageId",
            i.recipient_id as "recipientId"
     from enrolments e left join identities i using (recipient_key)
     where e.experiment = ? and e.recipient_key > ?
     order by e.recipient_key limit ?`,
    [experiment, after, limit],
  );
  return result.rows;
}

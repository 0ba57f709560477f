import type { Knex } from 'knex';

export interface MemberOf {
  readonly recipient: string;
  readonly recipientKey: string;
  readonly since: Date;
}

/** The members of a segment whose keys come after one, in the order of the keys. */
export async function segmentMembers(
  db: Knex,
  segment: string,
  after: string,
  most: number,
): Promise<MemberOf[]> {
  const result = await db.raw<{ rows: MemberOf[] }>(
    `select i.recipient_id as recipient, m.recipient_key as "recipientKey", m.since
     from segment_members m join identities i using (recipient_key)
     where m.segment = ? and m.member and m.recipient_key > ? order by m.recipient_key limit ?`,
    [segment, after, most],
  );
  return result.rows;
}

/** The segments that a recipient is in, by name. */
export async function segmentsOfRecipient(
  db: Knex,
  recipientKey: string,
): Promise<{ segment: string; since: Date }[]> {
  const result = await db.raw<{ rows: { segment: string; since: Date }[] }>(
    `select segment, since from segment_members where recipient_key = ? and member and segment = any(
       array(select distinct name from segment_versions)) order by segment`,
    [recipientKey],
  );
  return result.rows;
}

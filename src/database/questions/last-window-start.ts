import type { Knex } from 'knex';

/** When did the attribution window of the last recipient begin: at the send, or at the enrolment without one? */
export async function lastWindowStart(db: Knex, experiment: string): Promise<Date | undefined> {
  const result = await db.raw<{ rows: { last: Date | null }[] }>(
    `select max(coalesce(m.sent_at, e.enrolled_at)) as last
     from enrolments e left join messages m using (experiment, recipient_key)
     where e.experiment = ?`,
    [experiment],
  );
  return result.rows[0]?.last ?? undefined;
}

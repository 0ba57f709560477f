import type { Knex } from 'knex';

/**
 * When did the attribution window of the last recipient begin: at the last send, or at an enrolment after it? A send that
 * lies in the future is somebody's wrong clock and must not put off the verdict for ever.
 */
export async function lastWindowStart(db: Knex, experiment: string, now: Date): Promise<Date | undefined> {
  const result = await db.raw<{ rows: { last: Date | null }[] }>(
    `select greatest((select max(enrolled_at) from enrolments where experiment = ?),
                     (select max(last_sent_at) from send_days where experiment = ? and last_sent_at <= ?)) as last`,
    [experiment, experiment, now],
  );
  return result.rows[0]?.last ?? undefined;
}

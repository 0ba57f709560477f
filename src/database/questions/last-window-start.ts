import type { Knex } from 'knex';

/** When did the attribution window of the last recipient begin: at the last send, or at an enrolment after it? */
export async function lastWindowStart(db: Knex, experiment: string): Promise<Date | undefined> {
  const result = await db.raw<{ rows: { last: Date | null }[] }>(
    `select greatest((select max(enrolled_at) from enrolments where experiment = ?),
                     (select max(sent_at) from messages where experiment = ?)) as last`,
    [experiment, experiment],
  );
  return result.rows[0]?.last ?? undefined;
}

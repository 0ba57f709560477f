import type { Knex } from 'knex';

export interface WithheldCount {
  /** Index of the arm in the design. */
  readonly arm: number;
  readonly recipients: number;
}

/** To how many of each arm did its strategy choose to send nothing? An index holds just these decisions. */
export async function withheldCounts(db: Knex, experiment: string): Promise<WithheldCount[]> {
  const result = await db.raw<{ rows: WithheldCount[] }>(
    `select e.arm, count(*)::float8 as recipients
     from decisions d join enrolments e using (experiment, recipient_key)
     where d.experiment = ? and d.withheld
     group by e.arm order by e.arm`,
    [experiment],
  );
  return result.rows;
}

import type { Knex } from 'knex';

export interface FallbackCount {
  readonly arm: number;
  readonly reason: string | null;
  readonly recipients: number;
}

/** In which arms was the fallback delivered, how often and why? An index holds just these decisions. */
export async function fallbackCounts(db: Knex, experiment: string): Promise<FallbackCount[]> {
  const result = await db.raw<{ rows: FallbackCount[] }>(
    `select e.arm, d.fallback_reason as reason, count(*)::float8 as recipients
     from decisions d join enrolments e using (experiment, recipient_key)
     where d.experiment = ? and d.delivered = 'fallback'
     group by e.arm, d.fallback_reason
     order by e.arm, d.fallback_reason`,
    [experiment],
  );
  return result.rows;
}

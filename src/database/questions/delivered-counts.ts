import type { Knex } from 'knex';
import type { ArmDelivered } from '../../reports/experiment-input.js';

/** What was really delivered in each arm, and why where it was the fallback? */
export async function deliveredCounts(db: Knex, experiment: string): Promise<ArmDelivered[]> {
  const result = await db.raw<{ rows: ArmDelivered[] }>(
    `select e.arm, d.delivered, d.fallback_reason as reason, count(*)::float8 as recipients
     from enrolments e join decisions d using (experiment, recipient_key)
     where e.experiment = ?
     group by e.arm, d.delivered, d.fallback_reason
     order by e.arm, d.delivered, d.fallback_reason`,
    [experiment],
  );
  return result.rows;
}

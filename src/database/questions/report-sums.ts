import type { Knex } from 'knex';
import { sumsFromRow, type SumsRow } from '../cells.js';
import type { ArmSums } from '../../reports/experiment-input.js';

/** What has every arm come to, in every metric and cohort? A few hundred rows, whatever the audience. */
export async function reportSums(db: Knex, experiment: string): Promise<ArmSums[]> {
  const result = await db.raw<{
    rows: (SumsRow & {
      metric: string;
      arm: number;
      cohort: string;
      cohort_value: string;
    })[];
  }>(
    `select metric, arm, cohort, cohort_value, sum(n)::text as n, sum(non_zero)::text as non_zero, sum(sum)::text as sum,
            sum(sum_squares)::text as sum_squares, sum(sum_cubes)::text as sum_cubes
     from cells where experiment = ?
     group by metric, arm, cohort, cohort_value
     order by metric, arm, cohort, cohort_value`,
    [experiment],
  );
  return result.rows.map((row) => ({
    metric: row.metric,
    arm: row.arm,
    cohort: row.cohort,
    cohortValue: row.cohort_value,
    sums: sumsFromRow(row),
  }));
}

import type { Knex } from 'knex';
import { type CellSums } from '../../engagement/cell-sums.js';
import { sumsAsText, sumsFromRow, type SumsRow } from '../cells.js';

/** What one arm has come to in one metric: of everybody (`cohort` is empty), or of one cohort. */
export interface CellGroup {
  readonly metric: string;
  readonly arm: number;
  readonly cohort: string;
  readonly cohortValue: string;
  readonly sums: CellSums;
}

/** What has every arm come to, in every metric, station and cohort? A few hundred rows, whatever the audience. */
export async function reportSums(db: Knex, experiment: string): Promise<CellGroup[]> {
  const result = await db.raw<{
    rows: (SumsRow & { metric: string; arm: number; cohort: string; cohort_value: string })[];
  }>(
    `select metric, arm, cohort, cohort_value, ${sumsAsText('group')}
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

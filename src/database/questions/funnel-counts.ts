import type { Knex } from 'knex';

/** How many recipients of one arm came as far as one station. */
export interface FunnelCount {
  /** Index of the arm in the design. */
  readonly arm: number;
  /** `sent`, `delivered`, `opened`, `clicked` or `converted`. */
  readonly station: string;
  readonly assigned: bigint;
  readonly reached: bigint;
}

/** How far did the recipients of every arm come? Read from the cells of the pseudo-metrics, whatever the audience. */
export async function funnelCounts(db: Knex, experiment: string): Promise<FunnelCount[]> {
  const result = await db.raw<{
    rows: { arm: number; station: string; assigned: string; reached: string }[];
  }>(
    `select arm, substr(metric, 2) as station, sum(n)::text as assigned, sum(non_zero)::text as reached
     from cells where experiment = ? and metric like '@%' and cohort = ''
     group by arm, metric order by metric, arm`,
    [experiment],
  );
  return result.rows.map((row) => ({
    ...row,
    assigned: BigInt(row.assigned),
    reached: BigInt(row.reached),
  }));
}

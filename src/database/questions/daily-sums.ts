import type { Knex } from 'knex';

/** What the recipients of one arm who were enrolled on one day have come to in one metric. */
export interface DailySum {
  readonly metric: string;
  readonly arm: number;
  /** `2026-03-01`, UTC. */
  readonly day: string;
  readonly n: bigint;
  readonly sum: bigint;
  /** Sum of the denominator; 0 where the metric has none. */
  readonly sumD: bigint;
}

/** The last days of enrolment, metric by metric and arm by arm; at most `days` of them. */
export async function dailySums(db: Knex, experiment: string, days: number): Promise<DailySum[]> {
  const result = await db.raw<{
    rows: { metric: string; arm: number; day: string; n: string; sum: string; sumD: string }[];
  }>(
    `select metric, arm, day::text, sum(n)::text as n, sum(sum)::text as sum, sum(sum_d)::text as "sumD"
     from cells
     where experiment = ? and cohort = '' and metric not like '@%' and day >= (
       select min(day) from (
         select distinct day from cells where experiment = ? and cohort = '' order by day desc limit ?
       ) shown
     )
     group by metric, arm, day order by metric, day, arm`,
    [experiment, experiment, days],
  );
  return result.rows.map((row) => ({
    ...row,
    n: BigInt(row.n),
    sum: BigInt(row.sum),
    sumD: BigInt(row.sumD),
  }));
}

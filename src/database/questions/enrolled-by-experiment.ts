import type { Knex } from 'knex';

/** How many recipients are enrolled in each experiment? Read from the cells: every metric counts everybody once. */
export async function enrolledByExperiment(db: Knex): Promise<Map<string, number>> {
  const result = await db.raw<{ rows: { experiment: string; n: number }[] }>(
    `select experiment, max(n)::float8 as n
     from (select experiment, metric, sum(n) as n from cells where cohort = '' and metric = '@sent' group by experiment, metric) per_metric
     group by experiment`,
  );
  return new Map(result.rows.map((row) => [row.experiment, row.n]));
}

import type { Knex } from 'knex';
import { type CellSums, cellSumNames } from '../../engagement/cell-sums.js';
import type { Facts } from '../../engagement/facts.js';
import type { CohortDeclaration, Experiment } from '../../experiments/experiment.js';
import { otherCohort, unknownCohort } from '../../profiles/cohort-snapshot.js';
import type { CellGroup } from './report-sums.js';

/**
 * The cohort of an enrolment `e` by a trait of its profile `p`, as `cohortSnapshot` would have said it: only what was known
 * of the recipient before the enrolment counts. Bindings: trait, trait, values or null, values.
 */
const cohortValue = `
  (select case when v is null then '${unknownCohort}'
               when length(v) > 64 or (?::text[] is not null and v <> all(?::text[])) then '${otherCohort}' else v end
   from (select case when coalesce(nullif(p.origins -> ?::text ->> 1, ''), '-infinity')::timestamptz <= e.enrolled_at
                     then p.traits ->> ?::text end) as known (v))`;

function cohortBindings({ trait, values }: CohortDeclaration): unknown[] {
  const list = values ?? null;
  return [list, list, trait, trait];
}

/** Each sum of `CellSums` over recipients with outcome y (cut at its cap), uncut outcome, denominator and covariate. */
const sums: Readonly<Record<keyof CellSums, string>> = {
  n: 'count(*)',
  nonZero: 'count(*) filter (where y <> 0)',
  sum: 'sum(y)',
  sumSquares: 'sum(y * y)',
  sumCubes: 'sum(y * y * y)',
  sumD: 'sum(d)',
  sumDD: 'sum(d * d)',
  sumYD: 'sum(y * d)',
  sumX: 'sum(x)',
  sumXX: 'sum(x * x)',
  sumYX: 'sum(y * x)',
  sumDX: 'sum(d * x)',
  capped: 'count(*) filter (where uncut > y)',
  excess: 'sum(uncut - y)',
};

/**
 * What has every arm come to in every metric, by the values of a trait that nobody asked for before? One pass over the
 * facts.
 *
 * @param nothing the facts of a recipient to whom nothing has happened.
 */
export async function cohortSums(
  db: Knex,
  experiment: Pick<Experiment, 'key' | 'metrics'>,
  cohort: CohortDeclaration,
  nothing: Facts,
): Promise<CellGroup[]> {
  const selected = cellSumNames.map((name) => `(${sums[name]})::text as "${name}"`).join(', ');
  const result = await db.raw<{
    rows: ({ arm: number; cohort_value: string; i: number } & Record<keyof CellSums, string>)[];
  }>(
    `with facts as (
       select e.arm, ${cohortValue} as cohort_value, coalesce(e.y, ?::bigint[])::numeric[] as y, e.d::numeric[] as d, e.x::numeric[] as x
       from enrolments e left join profiles p using (recipient_key)
       where e.experiment = ?
     ), outcomes as (
       select arm, cohort_value, o.i::int as i, o.y as uncut, least(o.y, (?::numeric[])[o.i]) as y,
              coalesce(o.d, 0) as d, coalesce(o.x, 0) as x
       from facts cross join lateral unnest(facts.y, facts.d, facts.x) with ordinality as o (y, d, x, i)
     )
     select arm, cohort_value, i, ${selected} from outcomes group by arm, cohort_value, i order by i, arm, cohort_value`,
    [
      ...cohortBindings(cohort),
      nothing.y.map(String),
      experiment.key,
      experiment.metrics.map((metric) => metric.cap ?? null),
    ] as unknown as Knex.RawBinding[],
  );
  return result.rows.map(({ arm, cohort_value, i, ...row }) => ({
    metric: experiment.metrics[i - 1]?.key ?? '',
    arm,
    cohort: cohort.trait,
    cohortValue: cohort_value,
    sums: Object.fromEntries(cellSumNames.map((name) => [name, BigInt(row[name])])) as unknown as CellSums,
  }));
}

/** Adds a cohort to the snapshots of everybody who is enrolled, as it would have been at their enrolment. */
export async function snapshotCohort(db: Knex, experiment: string, cohort: CohortDeclaration): Promise<void> {
  await db.raw(
    `update enrolments t set cohorts = t.cohorts || jsonb_build_object(?::text, c.value)
     from (select e.id, ${cohortValue} as value
           from enrolments e left join profiles p using (recipient_key) where e.experiment = ?) c
     where t.id = c.id`,
    [cohort.trait, ...cohortBindings(cohort), experiment] as unknown as Knex.RawBinding[],
  );
}

import type { Knex } from 'knex';
import { arrayLiteral } from '../array-literal.js';

/** What recipients of an arm who got the fallback have come to in one metric. */
export interface FallbackSums {
  readonly metric: string;
  readonly arm: number;
  readonly n: bigint;
  readonly sum: bigint;
}

/** A metric by its place in the outcomes of an enrolment. */
export interface MetricPlace {
  readonly key: string;
  readonly place: number;
  /** Outcome of a recipient to whom nothing has happened. */
  readonly nothing: number;
  readonly cap?: number;
}

/** What have recipients with the fallback come to? An index holds just their decisions. */
export async function fallbackSums(
  db: Knex,
  experiment: string,
  metrics: readonly MetricPlace[],
): Promise<FallbackSums[]> {
  const result = await db.raw<{ rows: { metric: string; arm: number; n: string; sum: string }[] }>(
    `select m.key as metric, e.arm, count(*)::text as n,
            sum(least(coalesce(e.y[m.place], m.nothing), m.cap))::text as sum
     from decisions d
     join enrolments e using (experiment, recipient_key)
     cross join unnest(?::text[], ?::int[], ?::bigint[], ?::bigint[]) as m (key, place, nothing, cap)
     where d.experiment = ? and d.delivered = 'fallback'
     group by m.key, e.arm
     order by m.key, e.arm`,
    [
      arrayLiteral(metrics.map(({ key }) => key)),
      arrayLiteral(metrics.map(({ place }) => place + 1)),
      arrayLiteral(metrics.map(({ nothing }) => nothing)),
      arrayLiteral(metrics.map(({ cap }) => cap ?? null)),
      experiment,
    ],
  );
  return result.rows.map(({ metric, arm, n, sum }) => ({ metric, arm, n: BigInt(n), sum: BigInt(sum) }));
}

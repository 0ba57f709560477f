import type { Knex } from 'knex';

export interface DailyVolume {
  /** `2026-03-01` */
  readonly day: string;
  readonly type: string;
  readonly n: number;
}

/** How many events of each type arrived on each day? Files of earlier days, which are imported at once, are left out. */
export async function dailyVolumes(db: Knex, from: string, before: string): Promise<DailyVolume[]> {
  const result = await db.raw<{ rows: DailyVolume[] }>(
    `select day::text as day, type, sum(n)::float8 as n from event_counts
     where day >= ?::date and day < ?::date and status in ('recorded', 'waiting') and source not like 'import:%'
       and type <> '(unknown)'
     group by day, type order by day, type`,
    [from, before],
  );
  return result.rows;
}

import type { Knex } from 'knex';

/** What one source has sent, over all experiments. */
export interface SourceCounts {
  readonly source: string;
  /** When the newest event happened, and when anything arrived last. */
  readonly lastAt: Date | null;
  readonly lastReceivedAt: Date;
  readonly today: number;
  readonly yesterday: number;
  /** Per day, over the seven days before today. */
  readonly weekMean: number;
  readonly unknownTypes: number;
  readonly refused: number;
  readonly ahead: number;
  readonly meanLagSeconds: number | null;
  readonly mostLagSeconds: number | null;
  /** Days of the last four weeks on which anything arrived, as `2026-03-01`, in order. */
  readonly days: readonly string[];
}

const MOST_SOURCES = 200;

/** How fresh is every source? Sources that were silent longest are left out where there are more than can be shown. */
export async function sourceFreshness(db: Knex, now: Date): Promise<SourceCounts[]> {
  const today = now.toISOString().slice(0, 10);
  const taken = `status in ('recorded', 'waiting')`;
  const result = await db.raw<{ rows: SourceCounts[] }>(
    `select source, max(last_at) filter (where ${taken}) as "lastAt", max(last_received_at) as "lastReceivedAt",
            coalesce(sum(n) filter (where ${taken} and day = d.today), 0)::float8 as today,
            coalesce(sum(n) filter (where ${taken} and day = d.today - 1), 0)::float8 as yesterday,
            (coalesce(sum(n) filter (where ${taken} and day >= d.today - 7 and day < d.today), 0) / 7)::float8
              as "weekMean",
            coalesce(sum(n) filter (where ${taken} and type = '(unknown)'), 0)::float8 as "unknownTypes",
            coalesce(sum(n) filter (where not ${taken} and status <> 'duplicate'), 0)::float8 as refused,
            coalesce(sum(ahead) filter (where ${taken} and day >= d.today - 6), 0)::float8 as ahead,
            (sum(lag_sum) filter (where ${taken} and day >= d.today - 6)
              / nullif(sum(n - ahead) filter (where ${taken} and day >= d.today - 6), 0))::float8 as "meanLagSeconds",
            (max(lag_max) filter (where ${taken} and day >= d.today - 6))::float8 as "mostLagSeconds",
            coalesce(array_agg(distinct day::text) filter (where ${taken} and day > d.today - 28), '{}') as days
     from event_counts, (select ?::date as today) d
     group by source order by "lastReceivedAt" desc, source limit ?`,
    [today, MOST_SOURCES],
  );
  return result.rows.map((row) => ({ ...row, days: [...row.days].sort() }));
}

/** More than these are not counted: it would take longer than anybody waits for a page. */
const MOST_COUNTED = 100_000;

/**
 * Rows by source that had arrived yesterday by this time of day, counted in the events themselves; undefined where there
 * are too many to count while somebody waits.
 */
export async function yesterdayByNow(db: Knex, now: Date): Promise<Map<string, number> | undefined> {
  const to = new Date(now.getTime() - 86_400_000);
  const from = `${to.toISOString().slice(0, 10)}T00:00:00.000Z`;
  const result = await db.raw<{ rows: { source: string; n: number }[] }>(
    `select source, count(*)::float8 as n
     from (select source from events where received_at >= ?::timestamptz and received_at < ?::timestamptz limit ?) v
     group by source`,
    [from, to, MOST_COUNTED + 1],
  );
  const all = result.rows.reduce((sum, row) => sum + row.n, 0);
  return all > MOST_COUNTED ? undefined : new Map(result.rows.map((row) => [row.source, row.n]));
}

import type { Knex } from 'knex';

/** What came in from one source, of one type and class, with one end. */
export interface EventCount {
  readonly source: string;
  readonly type: string;
  readonly class: string;
  /** `recorded`, `duplicate`, `waiting`, or the code of the refusal. */
  readonly status: string;
  readonly today: number;
  /** Today and the six days before. */
  readonly week: number;
  readonly all: number;
  readonly lastReceivedAt: Date;
}

/** Between happening and arrival, of events that were taken. */
export interface ArrivalLag {
  readonly events: number;
  readonly meanSeconds: number | null;
  readonly mostSeconds: number | null;
  /** Events dated after their own arrival: a clock that is wrong. */
  readonly ahead: number;
}

export interface EventCounts {
  /** The largest ones. */
  readonly rows: readonly EventCount[];
  /** Rows that were left out. */
  readonly omitted: number;
  readonly lag: { readonly today: ArrivalLag; readonly week: ArrivalLag; readonly all: ArrivalLag };
}

const MOST_ROWS = 300;

/** What arrived for an experiment? Days are those of arrival, in UTC. */
export async function eventCounts(db: Knex, experiment: string, now: Date): Promise<EventCounts> {
  const today = now.toISOString().slice(0, 10);
  return { ...(await countRows(db, experiment, today)), lag: await lags(db, experiment, today) };
}

async function countRows(
  db: Knex,
  experiment: string,
  today: string,
): Promise<Pick<EventCounts, 'rows' | 'omitted'>> {
  const result = await db.raw<{ rows: (EventCount & { total: number })[] }>(
    `select source, type, class, status,
            coalesce(sum(n) filter (where day = ?::date), 0)::float8 as today,
            coalesce(sum(n) filter (where day > ?::date - 7), 0)::float8 as week,
            sum(n)::float8 as "all", max(last_received_at) as "lastReceivedAt", count(*) over ()::float8 as total
     from event_counts where experiment = ?
     group by source, type, class, status
     order by sum(n) desc, source, type, class, status limit ?`,
    [today, today, experiment, MOST_ROWS],
  );
  const rows = result.rows.map(({ total: _total, ...row }) => row);
  return { rows, omitted: (result.rows[0]?.total ?? 0) - rows.length };
}

interface LagRow {
  since: string;
  events: number;
  meanSeconds: number | null;
  mostSeconds: number | null;
  ahead: number;
}

async function lags(db: Knex, experiment: string, today: string): Promise<EventCounts['lag']> {
  const result = await db.raw<{ rows: LagRow[] }>(
    `select s.since, coalesce(sum(c.n), 0)::float8 as events,
            (sum(c.lag_sum) / nullif(sum(c.n) - sum(c.ahead), 0))::float8 as "meanSeconds",
            max(c.lag_max)::float8 as "mostSeconds", coalesce(sum(c.ahead), 0)::float8 as ahead
     from (values ('today', ?::date), ('week', ?::date - 6), ('all', null)) s (since, first)
     left join event_counts c on c.experiment = ? and c.status in ('recorded', 'waiting')
       and (s.first is null or c.day >= s.first)
     group by s.since`,
    [today, today, experiment],
  );
  const of = (since: string): ArrivalLag => {
    const { events, meanSeconds, mostSeconds, ahead } =
      result.rows.find((row) => row.since === since) ?? none;
    return { events, meanSeconds, mostSeconds, ahead };
  };
  return { today: of('today'), week: of('week'), all: of('all') };
}

const none = { events: 0, meanSeconds: null, mostSeconds: null, ahead: 0 };

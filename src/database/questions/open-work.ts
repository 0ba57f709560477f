import type { Knex } from 'knex';

/** A count that stops: `atLeast` of more than can be counted while somebody waits. */
export interface BoundedCount {
  readonly count: number;
  readonly atLeast: boolean;
}

export interface ImportState {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly source: string;
  readonly rowsDone: number;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

export interface Waiting {
  /** Messages that events have named and that nobody has asked for yet. */
  readonly messages: BoundedCount;
  readonly events: BoundedCount;
}

const MOST_COUNTED = 100_000;
const MOST_IMPORTS = 20;

/** What waits for its message? */
export async function waitingCounts(db: Knex): Promise<Waiting> {
  return {
    messages: await bounded(db, 'select 1 from messages where enrolment is null'),
    events: await bounded(db, 'select 1 from waiting_events'),
  };
}

async function bounded(db: Knex, rows: string): Promise<BoundedCount> {
  const result = await db.raw<{ rows: { n: number }[] }>(
    `select count(*)::float8 as n from (${rows} limit ?) counted`,
    [MOST_COUNTED + 1],
  );
  const n = result.rows[0]?.n ?? 0;
  return { count: Math.min(n, MOST_COUNTED), atLeast: n > MOST_COUNTED };
}

/** Files that are being read in, and those that were, last first. */
export async function lastImports(db: Knex): Promise<ImportState[]> {
  const result = await db.raw<{ rows: ImportState[] }>(
    `select id, kind, name, source, rows_done::float8 as "rowsDone", counts, started_at as "startedAt",
            updated_at as "updatedAt", finished_at as "finishedAt"
     from imports order by finished_at is not null, updated_at desc limit ?`,
    [MOST_IMPORTS],
  );
  return result.rows;
}

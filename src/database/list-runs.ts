import type { Knex } from 'knex';

/** Making the lists of one strategy, as far as it has come. */
export interface ListRun {
  readonly name: string;
  readonly run: string;
  /** Content hashes. */
  readonly strategy: string;
  readonly model: string;
  readonly catalogue: string;
  /** Nothing that happened at it or later is looked at. */
  readonly clock: Date;
  /** Everybody up to this key is done; empty: nobody yet. */
  readonly after: string;
  readonly lookedAt: number;
  readonly written: number;
  /** How many there were at the start. */
  readonly recipients: number;
  readonly startedAt: Date;
  readonly movedAt: Date;
  readonly endedAt: Date | null;
}

const columns = `name, run, strategy, model, catalogue, clock, after_key as after, looked_at::float8 as "lookedAt",
  written::float8 as written, recipients::float8 as recipients, started_at as "startedAt", moved_at as "movedAt",
  ended_at as "endedAt"`;

export async function selectListRun(db: Knex, name: string): Promise<ListRun | undefined> {
  const result = await db.raw<{ rows: ListRun[] }>(
    `select ${columns} from recommendation_list_runs where name = ?`,
    [name],
  );
  return result.rows[0];
}

/** Of all names, in their order. */
export async function selectListRuns(db: Knex): Promise<ListRun[]> {
  const result = await db.raw<{ rows: ListRun[] }>(
    `select ${columns} from recommendation_list_runs order by name`,
  );
  return result.rows;
}

/** Until the transaction ends nobody else begins a run of this name: two at once would each begin their own. */
export async function lockListRun(trx: Knex, name: string): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtext('list_runs'), hashtext(?))`, [name]);
}

/** Begins at the first recipient, whatever was under way for that name. */
export async function startListRun(
  trx: Knex,
  run: Pick<ListRun, 'name' | 'run' | 'strategy' | 'model' | 'catalogue' | 'clock'>,
  now: Date,
): Promise<void> {
  await trx.raw(
    `insert into recommendation_list_runs
       (name, run, strategy, model, catalogue, clock, after_key, looked_at, written, recipients, started_at, moved_at)
     select ?, ?, ?, ?, ?, ?, '', 0, 0, (select count(*) from identities), ?, ?
     on conflict (name) do update set run = excluded.run, strategy = excluded.strategy, model = excluded.model,
       catalogue = excluded.catalogue, clock = excluded.clock, after_key = '', looked_at = 0, written = 0,
       recipients = excluded.recipients, started_at = excluded.started_at, moved_at = excluded.moved_at, ended_at = null`,
    [run.name, run.run, run.strategy, run.model, run.catalogue, run.clock, now, now],
  );
}

/** @returns false where somebody else has moved it, or has begun another run. */
export async function moveListRun(
  trx: Knex,
  { run, after }: Pick<ListRun, 'run' | 'after'>,
  to: { readonly after: string; readonly lookedAt: number; readonly written: number },
  now: Date,
): Promise<boolean> {
  const result = await trx.raw<{ rowCount: number }>(
    `update recommendation_list_runs set after_key = ?, looked_at = looked_at + ?, written = written + ?, moved_at = ?
     where run = ? and after_key = ? and ended_at is null`,
    [to.after, to.lookedAt, to.written, now, run, after],
  );
  return result.rowCount === 1;
}

/** @returns false where it is not there any more, or has ended. */
export async function endListRun(trx: Knex, run: string, now: Date): Promise<boolean> {
  const result = await trx.raw<{ rowCount: number }>(
    'update recommendation_list_runs set ended_at = ?, moved_at = ? where run = ? and ended_at is null',
    [now, now, run],
  );
  return result.rowCount === 1;
}

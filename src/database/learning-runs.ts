import type { Knex } from 'knex';

export type RunStatus = 'waiting' | 'running' | 'done' | 'failed' | 'interrupted';

/** What a run was asked for; what was not said is left out. */
export interface RunOptions {
  readonly clock?: string;
  readonly seed?: string;
  readonly catalogue?: string;
}

/** One learning: asked for, going on, or how it ended. */
export interface LearningRun {
  readonly id: string;
  readonly name: string;
  /** Content hash of the strategy version. */
  readonly strategy: string;
  readonly status: RunStatus;
  /** What it is doing, in words. */
  readonly step: string;
  /** How much of the step is done, from 0 to 1; left out where nobody can say. */
  readonly share?: number;
  /** How it ended: why it failed, or what became of the model. */
  readonly message?: string;
  readonly options: RunOptions;
  /** Content hash of what was learned. */
  readonly model?: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

interface Row {
  id: string;
  name: string;
  strategy: string;
  status: RunStatus;
  step: string;
  share: number | null;
  message: string | null;
  options: RunOptions;
  model: string | null;
  asked_by: string;
  asked_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  seen_at: Date;
}

/** Its maker has to say that it is there within this time, or it counts as interrupted. */
export const silentAfterMs = 60_000;

export type NewRun = Pick<LearningRun, 'id' | 'name' | 'strategy' | 'options' | 'askedBy'> & {
  readonly status: 'waiting' | 'running';
  readonly now: Date;
};

export async function insertRun(db: Knex, { now, askedBy, options, ...run }: NewRun): Promise<void> {
  await db('learning_runs').insert({
    ...run,
    step: run.status === 'waiting' ? 'waiting for its turn' : 'starting',
    options: JSON.stringify(options),
    asked_by: askedBy,
    ...{ asked_at: now, seen_at: now },
    ...(run.status === 'running' && { started_at: now }),
  });
}

/** The run that waits longest, if none is going on anywhere: it is the caller's from now on. */
export async function claimRun(trx: Knex, now: Date): Promise<LearningRun | undefined> {
  await trx.raw(`select pg_advisory_xact_lock(hashtext('learning_runs'), 0)`);
  const result = await trx.raw<{ rows: { id: string }[] }>(
    `update learning_runs set status = 'running', step = 'starting', started_at = ?, seen_at = ?
     where id = (select id from learning_runs where status = 'waiting' order by asked_at, id limit 1)
       and not exists (select 1 from learning_runs where status = 'running' and seen_at > ?)
     returning id`,
    [now, now, new Date(now.getTime() - silentAfterMs)],
  );
  const id = result.rows[0]?.id;
  return id === undefined ? undefined : selectRun(trx, id);
}

/** Says how far a run is. @returns who asked for its end, if somebody did, or 'lost' where it is no longer the caller's. */
export async function noteRun(
  db: Knex,
  id: string,
  { step, share, now }: { readonly step: string; readonly share?: number; readonly now: Date },
): Promise<{ readonly stopAskedBy?: string; readonly isLost: boolean }> {
  const result = await db.raw<{ rows: { stop_asked_by: string | null }[] }>(
    `update learning_runs set step = ?, share = ?, seen_at = ? where id = ? and status = 'running'
     returning stop_asked_by`,
    [step, share ?? null, now, id],
  );
  const [row] = result.rows;
  return {
    isLost: row === undefined,
    ...(row && row.stop_asked_by !== null && { stopAskedBy: row.stop_asked_by }),
  };
}

export interface RunEnd {
  readonly status: 'done' | 'failed' | 'interrupted';
  readonly message: string;
  readonly model?: string;
  readonly now: Date;
}

export async function endRun(db: Knex, id: string, { status, message, model, now }: RunEnd): Promise<void> {
  await db('learning_runs')
    .where({ id })
    .whereIn('status', ['waiting', 'running'])
    .update({ status, message, model: model ?? null, ended_at: now, seen_at: now });
}

/** Marks runs whose makers have fallen silent: their process is gone. @returns how many. */
export async function endSilentRuns(db: Knex, now: Date): Promise<number> {
  return db('learning_runs')
    .where({ status: 'running' })
    .where('seen_at', '<=', new Date(now.getTime() - silentAfterMs))
    .update({
      status: 'interrupted',
      message: 'Whoever ran it is gone: it may be started again. The model in use is as it was.',
      ended_at: now,
    });
}

/** Ends one that waits; asks for the end of one that runs. @returns false where it has ended already. */
export async function askRunToStop(db: Knex, id: string, by: string, now: Date): Promise<boolean> {
  const message = `It was taken back by ${by} before it began.`;
  const waiting = await db('learning_runs')
    .where({ id, status: 'waiting' })
    .update({ status: 'interrupted', message, ended_at: now });
  const running = await db('learning_runs')
    .where({ id, status: 'running' })
    .update({ stop_asked_at: now, stop_asked_by: by });
  return waiting + running > 0;
}

export async function selectRun(db: Knex, id: string): Promise<LearningRun | undefined> {
  const row = await db<Row>('learning_runs').where({ id }).first();
  return row && toRun(row);
}

/** The newest first, of all names or of one. */
export async function selectRuns(
  db: Knex,
  { name, limit, statuses }: { name?: string; limit: number; statuses?: readonly RunStatus[] },
): Promise<LearningRun[]> {
  const query = db<Row>('learning_runs').orderBy('asked_at', 'desc').orderBy('id', 'desc').limit(limit);
  if (name !== undefined) query.where({ name });
  if (statuses) query.whereIn('status', [...statuses]);
  return (await query).map(toRun);
}

function toRun(row: Row): LearningRun {
  const {
    share,
    message,
    model,
    asked_by: askedBy,
    asked_at,
    started_at,
    ended_at,
    seen_at: _,
    ...run
  } = row;
  return {
    ...run,
    askedBy,
    askedAt: asked_at.toISOString(),
    ...(share !== null && { share }),
    ...(message !== null && { message }),
    ...(model !== null && { model }),
    ...(started_at && { startedAt: started_at.toISOString() }),
    ...(ended_at && { endedAt: ended_at.toISOString() }),
  };
}

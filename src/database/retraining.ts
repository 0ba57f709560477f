import type { Knex } from 'knex';

/** A strategy that learns again by itself. */
export interface Retraining {
  readonly name: string;
  readonly everyDays: number;
  /** Time of the day in UTC: `03:30`. */
  readonly at: string;
  /** From when the days count where it has not learned yet. */
  readonly since: Date;
  readonly setBy: string;
}

export async function putRetraining(db: Knex, row: Retraining): Promise<void> {
  const { name, everyDays, at, since, setBy } = row;
  await db('retraining')
    .insert({ name, every_days: everyDays, at, since, set_by: setBy })
    .onConflict('name')
    .merge();
}

/** @returns false where there was none. */
export async function deleteRetraining(db: Knex, name: string): Promise<boolean> {
  return (await db('retraining').where({ name }).delete()) > 0;
}

/** With when each was last begun by the schedule and not cut short. */
export async function selectRetraining(
  db: Knex,
): Promise<(Retraining & { readonly lastAt: Date | undefined })[]> {
  const result = await db.raw<{ rows: (Retraining & { lastAt: Date | null })[] }>(
    `select r.name, r.every_days as "everyDays", r.at, r.since, r.set_by as "setBy",
       (select max(asked_at) from learning_runs l where l.name = r.name and l.status <> 'interrupted') as "lastAt"
     from retraining r order by r.name`,
  );
  return result.rows.map((row) => ({ ...row, lastAt: row.lastAt ?? undefined }));
}

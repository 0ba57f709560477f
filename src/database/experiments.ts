import type { Knex } from 'knex';
import type { Experiment, Status, StoredExperiment } from '../experiments/experiment.js';
import { type StoredDefinition, upgradeExperiment } from '../experiments/stored-experiment.js';

interface ExperimentRow {
  key: string;
  status: Status;
  definition: StoredDefinition;
  created_at: Date;
  started_at: Date | null;
  stopped_at: Date | null;
}

/** @returns false when the key is taken. */
export async function insertExperiment(db: Knex, experiment: Experiment, createdAt: Date): Promise<boolean> {
  const rows = await db<ExperimentRow>('experiments')
    .insert({
      key: experiment.key,
      status: 'draft',
      definition: db.raw('?::json', [JSON.stringify(experiment)]) as unknown as Experiment,
      created_at: createdAt,
    })
    .onConflict('key')
    .ignore()
    .returning('key');
  return rows.length > 0;
}

/** Changes the status only where it still is what the caller saw. */
export async function updateStatus(
  db: Knex,
  key: string,
  change: { from: Status; to: Status; startedAt?: Date; stoppedAt?: Date },
): Promise<boolean> {
  const count = await db<ExperimentRow>('experiments')
    .where({ key, status: change.from })
    .update({
      status: change.to,
      ...(change.startedAt && { started_at: change.startedAt }),
      ...(change.stoppedAt && { stopped_at: change.stoppedAt }),
    });
  return count > 0;
}

/**
 * With `locked`, nobody can change it before the transaction ends; many may hold such a lock at once. `alone` waits
 * for all of those, and keeps them out.
 */
export async function selectExperiment(
  db: Knex,
  key: string,
  lock?: 'locked' | 'alone',
): Promise<StoredExperiment | undefined> {
  const query = db<ExperimentRow>('experiments').where({ key }).first();
  const row = await (lock === 'locked' ? query.forShare() : lock === 'alone' ? query.forUpdate() : query);
  return row && toStored(row);
}

/** Several at once, by key; keys that do not exist are left out. */
export async function selectExperiments(
  db: Knex,
  keys: readonly string[],
): Promise<Map<string, StoredExperiment>> {
  const rows = await db<ExperimentRow>('experiments').whereIn('key', keys);
  return new Map(rows.map((row) => [row.key, toStored(row)]));
}

export async function selectAllExperiments(db: Knex): Promise<StoredExperiment[]> {
  const rows = await db<ExperimentRow>('experiments').orderBy('created_at', 'desc').orderBy('key');
  return rows.map(toStored);
}

function toStored(row: ExperimentRow): StoredExperiment {
  return {
    ...upgradeExperiment(row.definition),
    status: row.status,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString(),
    stoppedAt: row.stopped_at?.toISOString(),
  };
}

/** Replaces the definition of an experiment: a metric or cohort was added. */
export async function updateDefinition(db: Knex, { key, ...rest }: StoredExperiment): Promise<void> {
  const { status: _s, createdAt: _c, startedAt: _b, stoppedAt: _e, ...definition } = { key, ...rest };
  await db('experiments')
    .where({ key })
    .update({ definition: JSON.stringify(definition) });
}

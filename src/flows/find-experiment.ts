import type { Status, StoredExperiment } from '../experiments/experiment.js';
import { armCount } from '../experiments/arms.js';
import { selectAllExperiments, selectExperiment } from '../database/experiments.js';
import { enrolledByExperiment } from '../database/questions/enrolled-by-experiment.js';
import { notFound } from '../errors.js';
import type { Context } from './context.js';

export interface ExperimentSummary {
  readonly key: string;
  readonly title: string;
  readonly status: Status;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly stoppedAt?: string;
  /** Recipients drawn and stored. */
  readonly enrolled: number;
  readonly arms: number;
  readonly primaryMetric?: string;
}

/**
 * @param lock `locked` keeps it as it is until the transaction ends; `alone` also keeps out everybody who enrols.
 * @throws not_found `experiment_not_found`.
 */
export async function findExperiment(
  ctx: Pick<Context, 'db'>,
  key: string,
  lock?: 'locked' | 'alone',
): Promise<StoredExperiment> {
  // NUL cannot be stored in a text column, so nothing has such a key; PostgreSQL would answer with an error.
  const experiment = key.includes('\0') ? undefined : await selectExperiment(ctx.db, key, lock);
  if (!experiment) throw notFound('experiment_not_found', `There is no experiment "${key}".`);
  return experiment;
}

/** Newest first. */
export async function listExperiments(ctx: Pick<Context, 'db'>): Promise<ExperimentSummary[]> {
  const experiments = await selectAllExperiments(ctx.db);
  const enrolled = await enrolledByExperiment(ctx.db);
  return experiments.map((experiment) => ({
    key: experiment.key,
    title: experiment.title,
    status: experiment.status,
    createdAt: experiment.createdAt,
    startedAt: experiment.startedAt,
    stoppedAt: experiment.stoppedAt,
    enrolled: enrolled.get(experiment.key) ?? 0,
    arms: armCount(experiment.factors),
    primaryMetric: experiment.metrics.find((metric) => metric.role === 'primary')?.key,
  }));
}

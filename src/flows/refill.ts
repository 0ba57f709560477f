import type { Knex } from 'knex';
import { insertRefill, type Addition, finishRefill, type Refill, takeRefill } from '../database/refills.js';
import { updateDefinition } from '../database/experiments.js';
import { lockForRebuild } from '../database/rebuild-locks.js';
import { snapshotCohort } from '../database/questions/cohort-sums.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, conflict } from '../errors.js';
import { addCohort } from '../experiments/add-cohort.js';
import { addMetric } from '../experiments/add-metric.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import type { Parsed } from '../experiments/read-with.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';
import { RefillNotes } from './refill-progress.js';
import { type Progress, rebuildExperiment } from './rebuild.js';

/**
 * Asks for a metric or cohort to be added to an experiment that has started, and for its cells to be made from the events.
 * The work is done by `runRefills`; until then the experiment is as it was.
 *
 * @returns the id of the refill.
 * @throws bad_input `invalid_addition` with every problem; conflict `experiment_is_draft`.
 */
export async function requestRefill(ctx: Context, key: string, addition: Addition): Promise<string> {
  const experiment = await findExperiment(ctx, key);
  if (experiment.status === 'draft') {
    throw conflict('experiment_is_draft', `"${key}" is a draft: change its copy instead.`);
  }
  const added = withAddition(experiment, addition);
  if (!added.ok) throw badInput('invalid_addition', `This cannot be added to "${key}".`, added.problems);
  const id = ctx.newId();
  const reason = 'metric' in addition ? 'metric' : 'cohort';
  await insertRefill(ctx.db, { id, experiment: key, reason, addition, requestedAt: ctx.clock() });
  return id;
}

export interface RefillResult {
  readonly id: string;
  readonly experiment: string;
  readonly recipients: number;
  /** Why it could not be done. */
  readonly error?: string;
}

/**
 * Does every open refill: changes the definition and makes facts and cells again, in one transaction each. Interrupted, a
 * refill stays open and is done from the start the next time; of two instances one does it. How far it is can be read from
 * outside all the while (`lastRefills`).
 */
export async function runRefills(ctx: Context, progress?: Progress): Promise<RefillResult[]> {
  const results: RefillResult[] = [];
  for (;;) {
    const result = await inTransaction(ctx.db, async (trx) => {
      const refill = await takeRefill(trx);
      return refill && runRefill(ctx, trx, refill, progress);
    });
    if (!result) return results;
    results.push(result);
  }
}

async function runRefill(
  outside: Context,
  trx: Knex,
  refill: Refill,
  progress?: Progress,
): Promise<RefillResult> {
  const ctx = { ...outside, db: trx };
  const { id, experiment: key, addition } = refill;
  // Before anything is read: who records meanwhile goes by the definition as it is.
  await lockForRebuild(ctx.db, key);
  const experiment = await findExperiment(ctx, key);
  const added =
    addition === null ? { ok: true as const, value: experiment } : withAddition(experiment, addition);
  if (!added.ok) {
    const error = added.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
    await finishRefill(ctx.db, id, { at: ctx.clock(), error });
    return { id, experiment: key, recipients: 0, error };
  }
  if (addition !== null) await updateDefinition(ctx.db, added.value);
  if (addition !== null && 'cohort' in addition) await keepCohort(ctx, added.value);
  const notes = new RefillNotes(outside, id);
  notes.note(0);
  const { recipients } = await rebuildExperiment(trx, added.value, (_, done) => {
    notes.note(done);
    progress?.(key, done);
  });
  await notes.settled();
  await finishRefill(ctx.db, id, { at: ctx.clock(), recipients });
  return { id, experiment: key, recipients };
}

/** The new cohort becomes part of every snapshot that was taken at enrolment. */
async function keepCohort(ctx: Context, experiment: StoredExperiment): Promise<void> {
  const cohort = experiment.cohorts.at(-1);
  if (cohort) await snapshotCohort(ctx.db, experiment.key, cohort);
}

function withAddition(experiment: StoredExperiment, addition: Addition): Parsed<StoredExperiment> {
  return 'metric' in addition
    ? addMetric(experiment, addition.metric)
    : addCohort(experiment, addition.cohort);
}

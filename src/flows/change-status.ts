import type { Knex } from 'knex';
import { updateDefinition, updateStatus } from '../database/experiments.js';
import { insertManifests } from '../database/manifests.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, conflict, type InputProblem, type PostulateError } from '../errors.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { type Action, nextStatus, possibleActions, startProblems } from '../experiments/lifecycle.js';
import type { Context } from './context.js';
import { loadArmsOf, manifestsOf } from './decide-drawn.js';
import { findExperiment } from './find-experiment.js';
import { pinExperiment } from './pin-experiment.js';

/**
 * Starts, pauses, resumes or stops an experiment. At the start everything that it delivers by is pinned, and kept as one
 * manifest for each arm.
 *
 * @throws bad_input `not_ready` naming what a draft lacks; conflict `wrong_status`.
 */
export async function changeStatus(ctx: Context, key: string, action: Action): Promise<StoredExperiment> {
  const now = ctx.clock();
  await inTransaction(ctx.db, async (trx) => {
    const experiment = await findExperiment({ db: trx }, key, 'alone');
    const to = nextStatus(experiment.status, action);
    if (!to) throw impossible(experiment, action);
    if (action === 'start') await pin(trx, experiment);
    await updateStatus(trx, key, {
      from: experiment.status,
      to,
      startedAt: action === 'start' ? now : undefined,
      stoppedAt: action === 'stop' ? now : undefined,
    });
  });
  return findExperiment(ctx, key);
}

function impossible({ key, status }: StoredExperiment, action: Action): PostulateError {
  const possible = possibleActions(status);
  const instead =
    possible.length > 0 ? `what is possible is to ${possible.join(' or ')} it` : 'that is the end of it';
  return conflict('wrong_status', `"${key}" is ${status} and cannot ${action}; ${instead}.`);
}

async function pin(trx: Knex, experiment: StoredExperiment): Promise<void> {
  const problems = startProblems(experiment);
  if (problems.length > 0) throw notReady(experiment.key, problems);
  const pinned = await pinExperiment(trx, experiment);
  if (!pinned.ok) throw notReady(experiment.key, pinned.problems);
  const arms = await loadArmsOf(trx, pinned.experiment);
  const blank = arms.find(({ strategy }) => strategy && !strategy.fallback);
  if (blank) {
    const message = `nothing is declared for the arm ${blank.manifest.arm} where its strategy fails: give a fallback for every slot`;
    throw notReady(experiment.key, [{ path: 'fallback', message }]);
  }
  await updateDefinition(trx, { ...experiment, ...pinned.experiment });
  await insertManifests(trx, manifestsOf(pinned.experiment));
}

function notReady(key: string, problems: readonly InputProblem[]): PostulateError {
  return badInput('not_ready', `"${key}" cannot start yet.`, problems);
}

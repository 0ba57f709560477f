import type { StoredExperiment } from '../experiments/experiment.js';
import { type Action, nextStatus, possibleActions, startProblems } from '../experiments/lifecycle.js';
import { updateStatus } from '../database/experiments.js';
import { badInput, conflict } from '../errors.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';

/**
 * Starts, pauses, resumes or stops an experiment.
 *
 * @throws bad_input `not_ready` naming what a draft lacks; conflict `wrong_status`.
 */
export async function changeStatus(ctx: Context, key: string, action: Action): Promise<StoredExperiment> {
  const experiment = await findExperiment(ctx, key);
  const to = nextStatus(experiment.status, action);
  if (!to) {
    const possible = possibleActions(experiment.status);
    const instead =
      possible.length > 0 ? `what is possible is to ${possible.join(' or ')} it` : 'that is the end of it';
    throw conflict('wrong_status', `"${key}" is ${experiment.status} and cannot ${action}; ${instead}.`);
  }
  const problems = action === 'start' ? startProblems(experiment) : [];
  if (problems.length > 0) throw badInput('not_ready', `"${key}" cannot start yet.`, problems);
  const now = ctx.clock();
  const changed = await updateStatus(ctx.db, key, {
    from: experiment.status,
    to,
    startedAt: action === 'start' ? now : undefined,
    stoppedAt: action === 'stop' ? now : undefined,
  });
  if (!changed) throw conflict('wrong_status', `"${key}" was changed by someone else just now; look again.`);
  return findExperiment(ctx, key);
}

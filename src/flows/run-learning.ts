import { setTimeout as sleep } from 'node:timers/promises';
import { closeAlerts, raiseAlert } from '../database/alerts.js';
import {
  askRunToStop,
  claimRun,
  endRun,
  insertRun,
  type LearningRun,
  noteRun,
  type RunOptions,
  selectRun,
  selectRuns,
} from '../database/learning-runs.js';
import { inTransaction } from '../database/transaction.js';
import { conflict, notFound, PostulateError } from '../errors.js';
import type { Tell } from '../strategies/strategy.js';
import type { Context } from './context.js';
import { findLearner, findSnapshot, type LearnedAndJudged } from './learn-strategy.js';
import { Interrupted, LearnerDied, toldToWaiter } from './learner.js';
import { refuseFuture } from './refuse-future.js';

export type { LearningRun } from '../database/learning-runs.js';

/** Who asks where nobody does: the timetable. */
export const bySchedule = 'schedule';
/** By what alerts about learning that failed are known; the subject is the name of the strategy. */
export const learningAlert = 'learning';
const beatMs = 1_000;

/** How a run has ended. */
export type RunOutcome =
  | { readonly run: LearningRun; readonly learned: LearnedAndJudged }
  | { readonly run: LearningRun; readonly error: unknown };

/**
 * Puts a learning on the list; it begins when it is its turn. What can be refused at once is.
 *
 * @throws as `learnStrategy`, before anything is read.
 */
export async function askToLearn(
  ctx: Context,
  reference: string,
  options: RunOptions,
  by: string,
): Promise<LearningRun> {
  return startRun(ctx, reference, options, by, 'waiting');
}

async function startRun(
  ctx: Context,
  reference: string,
  options: RunOptions,
  by: string,
  status: 'waiting' | 'running',
): Promise<LearningRun> {
  const now = ctx.clock();
  const version = await findLearner(ctx.db, reference);
  if (options.clock !== undefined) refuseFuture(new Date(options.clock), now);
  await findSnapshot(ctx.db, version, options.catalogue);
  const id = ctx.newId();
  const run = { id, name: version.name, strategy: version.hash, options, askedBy: by };
  await insertRun(ctx.db, { ...run, status, now });
  return findRun(ctx, id);
}

/**
 * Sees to it that what waits is worked off, and waits for one run as long as somebody is ready to. It goes on after that.
 *
 * @returns how it ended, or the run as it is where it has not, or was worked off by another process.
 */
export async function waitForRun(
  ctx: Context,
  id: string,
  waitMs: number,
): Promise<RunOutcome | { readonly run: LearningRun }> {
  const work = workOffRuns(ctx);
  ctx.learner.background(work);
  const tooLong = new AbortController();
  const outcomes = await Promise.race([
    work,
    sleep(waitMs, [] as RunOutcome[], { signal: tooLong.signal }).catch((): RunOutcome[] => []),
  ]).finally(() => tooLong.abort());
  return outcomes.find(({ run }) => run.id === id) ?? { run: await findRun(ctx, id) };
}

/** Learns now, whatever else is being learned, and waits for it. For the command line. */
export async function learnNow(
  ctx: Context,
  reference: string,
  { by, ...options }: RunOptions & { readonly by: string },
  { tell, signal }: { readonly tell: Tell; readonly signal: AbortSignal },
): Promise<LearnedAndJudged> {
  const outcome = await performRun(ctx, await startRun(ctx, reference, options, by, 'running'), tell, signal);
  if ('error' in outcome) throw toldToWaiter(outcome.error);
  return outcome.learned;
}

/** Does what waits, one after the other, until nothing does or somebody else is at it. @returns those that were done. */
export async function workOffRuns(ctx: Context): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  for (;;) {
    const run = await inTransaction(ctx.db, (trx) => claimRun(trx, ctx.clock()));
    if (!run) return outcomes;
    const outcome = await performRun(ctx, run);
    outcomes.push(outcome);
    // The service is stopping: what waits is for the next one.
    if ('error' in outcome && outcome.error instanceof Interrupted && outcome.run.status === 'interrupted') {
      if (ctx.learner.isClosing === true) return outcomes;
    }
  }
}

async function performRun(
  ctx: Context,
  run: LearningRun,
  tell: Tell = () => undefined,
  signal?: AbortSignal,
): Promise<RunOutcome> {
  const beat = new Beat(ctx, run.id);
  const signals = [beat.signal, ...(signal ? [signal] : [])];
  try {
    const learned = await ctx.learner.run(
      { do: 'learn', reference: run.strategy, ...run.options, by: run.askedBy },
      (step, share) => {
        beat.note(step, share);
        tell(step, share);
      },
      AbortSignal.any(signals),
    );
    await beat.stop();
    const { status, why } = learned.judgement;
    const message = `${learned.name}/${learned.number} was ${status === 'promoted' ? 'promoted' : 'kept beside the one in use'}. ${why}`;
    const now = ctx.clock();
    await endRun(ctx.db, run.id, { status: 'done', message, model: learned.hash, now });
    await closeAlerts(ctx.db, { kind: learningAlert, subject: run.name }, 'over', now);
    return { run: await findRun(ctx, run.id), learned };
  } catch (error) {
    await beat.stop();
    await noteFailure(ctx, run, error, beat.stopAskedBy);
    return { run: await findRun(ctx, run.id), error };
  }
}

async function noteFailure(ctx: Context, run: LearningRun, error: unknown, by?: string): Promise<void> {
  const now = ctx.clock();
  const isInterrupted = error instanceof Interrupted;
  const reason = error instanceof Error ? error.message : String(error);
  const message = isInterrupted
    ? by === undefined
      ? reason || 'It was ended before it was done.'
      : `It was ended by ${by}.`
    : reason;
  const stays = 'The model in use is as it was.';
  await endRun(ctx.db, run.id, {
    status: isInterrupted ? 'interrupted' : 'failed',
    message: `${message} ${stays}`,
    now,
  });
  if (isInterrupted) return;
  if (!(error instanceof PostulateError) && !(error instanceof LearnerDied))
    ctx.log.error({ run: run.id, strategy: run.name, err: error }, 'Learning failed.');
  if (run.askedBy !== bySchedule) return;
  const alert = { kind: learningAlert, subject: run.name };
  const told = `${run.name} could not learn again: ${message} ${stays}`;
  await raiseAlert(ctx.db, { ...alert, message: told, detail: { run: run.id } }, now);
}

/** Says every second that a run goes on and how far it is, and hears whether somebody wants it to end. */
class Beat {
  readonly #ctx: Context;
  readonly #id: string;
  readonly #ender = new AbortController();
  readonly #stopped = new AbortController();
  readonly #going: Promise<void>;
  #latest: { step: string; share?: number } = { step: 'starting' };
  stopAskedBy: string | undefined;

  constructor(ctx: Context, id: string) {
    this.#ctx = ctx;
    this.#id = id;
    this.#going = this.#go();
  }

  get signal(): AbortSignal {
    return this.#ender.signal;
  }

  note(step: string, share: number): void {
    this.#latest = { step, ...(Number.isFinite(share) && { share: Math.min(1, Math.max(0, share)) }) };
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#going;
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #go(): Promise<void> {
    while (!this.#isStopped()) {
      await sleep(beatMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      if (!this.#isStopped()) await this.#tellOnce();
    }
  }

  async #tellOnce(): Promise<void> {
    try {
      const heard = await noteRun(this.#ctx.db, this.#id, { ...this.#latest, now: this.#ctx.clock() });
      this.stopAskedBy = heard.stopAskedBy;
      if (heard.isLost || heard.stopAskedBy !== undefined) this.#ender.abort();
    } catch (error) {
      // The learning goes on; only those who watch it see nothing.
      this.#ctx.log.warn({ run: this.#id, err: error }, 'How far a learning is could not be noted.');
    }
  }
}

/** @throws not_found `run_not_found`. */
export async function findRun(ctx: Pick<Context, 'db'>, id: string): Promise<LearningRun> {
  const run = id.includes('\0') ? undefined : await selectRun(ctx.db, id);
  if (!run) throw notFound('run_not_found', `There is no learning run "${id}".`);
  return run;
}

/** The newest first. */
export async function listRuns(ctx: Pick<Context, 'db'>, name?: string, limit = 50): Promise<LearningRun[]> {
  return selectRuns(ctx.db, { ...(name !== undefined && { name }), limit });
}

/** @throws not_found `run_not_found`; conflict `run_ended`. */
export async function stopRun(ctx: Context, id: string, by: string): Promise<LearningRun> {
  await findRun(ctx, id);
  if (!(await askRunToStop(ctx.db, id, by, ctx.clock())))
    throw conflict('run_ended', 'This run has ended already: there is nothing to end.');
  return findRun(ctx, id);
}

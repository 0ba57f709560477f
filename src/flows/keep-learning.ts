import { z } from 'zod';
import { endSilentRuns, insertRun, selectRuns } from '../database/learning-runs.js';
import { raiseAlert } from '../database/alerts.js';
import {
  deleteRetraining,
  putRetraining,
  type Retraining,
  selectRetraining,
} from '../database/retraining.js';
import { selectActivations } from '../database/strategy-activations.js';
import { selectVersionsOf, type StrategyVersion } from '../database/strategy-versions.js';
import { badInput, notFound, PostulateError } from '../errors.js';
import { readWith } from '../experiments/read-with.js';
import { standingOf } from '../strategies/keeping/standing.js';
import type { Context } from './context.js';
import { findLearner } from './learn-strategy.js';
import { nextRetraining } from './next-retraining.js';
import { bySchedule, learningAlert, workOffRuns } from './run-learning.js';

/** How a strategy learns again by itself, with when it does next. */
export interface KnownRetraining {
  readonly name: string;
  /** `7d`. */
  readonly every: string;
  readonly at: string;
  readonly setBy: string;
  readonly next: string;
}

export const retrainingSchema = z.strictObject({
  every: z
    .string('write days as 7d')
    .regex(/^([1-9]\d{0,1}|[12]\d\d|3[0-5]\d|36[0-5])d$/, 'write whole days from 1d to 365d')
    .nullable()
    .describe('How often, as 1d or 7d; null: not by itself any more.'),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of the day in UTC as 03:30')
    .default('03:30')
    .describe('Time of the day in UTC.'),
});

/**
 * Lets a strategy learn again by itself, or no more.
 *
 * @throws not_found `strategy_not_found`; bad_input `invalid_retraining`, `learns_nothing`.
 */
export async function setRetraining(
  ctx: Context,
  name: string,
  body: unknown,
  by: string,
): Promise<KnownRetraining | undefined> {
  const parsed = readWith(retrainingSchema, body);
  if (!parsed.ok)
    throw badInput('invalid_retraining', 'It cannot learn by itself like that.', parsed.problems);
  await versionsNamed(ctx, name);
  const { every, at } = parsed.value;
  if (every === null) {
    await deleteRetraining(ctx.db, name);
    return undefined;
  }
  await findLearner(ctx.db, name);
  await putRetraining(ctx.db, { name, everyDays: parseInt(every, 10), at, since: ctx.clock(), setBy: by });
  return findRetraining(ctx, name);
}

/** @throws not_found `strategy_not_found`. */
export async function findRetraining(
  ctx: Pick<Context, 'db'>,
  name: string,
): Promise<KnownRetraining | undefined> {
  await versionsNamed(ctx, name);
  return (await listRetraining(ctx)).find((one) => one.name === name);
}

async function versionsNamed(ctx: Pick<Context, 'db'>, name: string): Promise<StrategyVersion[]> {
  const versions = name.includes('\0') ? [] : await selectVersionsOf(ctx.db, name);
  if (versions.length === 0) throw notFound('strategy_not_found', `There is no strategy "${name}".`);
  return versions;
}

export async function listRetraining(ctx: Pick<Context, 'db'>): Promise<KnownRetraining[]> {
  return (await selectRetraining(ctx.db)).map((row) => ({
    ...{ name: row.name, every: `${row.everyDays}d`, at: row.at, setBy: row.setBy },
    next: nextRetraining(row).toISOString(),
  }));
}

export interface KeptLearning {
  readonly learned: number;
  readonly failed: number;
}

/**
 * Puts what is due on the list and works the list off, one after the other. Runs whose makers are gone are marked as
 * interrupted. Who learned within the schedule's days, by whoever's wish, is not due.
 */
export async function keepLearning(ctx: Context): Promise<KeptLearning | undefined> {
  await endSilentRuns(ctx.db, ctx.clock());
  await askForDue(ctx);
  const outcomes = await workOffRuns(ctx);
  if (outcomes.length === 0) return undefined;
  const failed = outcomes.filter((outcome) => 'error' in outcome).length;
  return { learned: outcomes.length - failed, failed };
}

async function askForDue(ctx: Context): Promise<void> {
  const now = ctx.clock();
  const due = (await selectRetraining(ctx.db)).filter((row) => nextRetraining(row) <= now);
  if (due.length === 0) return;
  const open = await selectRuns(ctx.db, { limit: 1_000, statuses: ['waiting', 'running'] });
  for (const row of due) {
    if (!open.some(({ name }) => name === row.name)) await askForOne(ctx, row, now);
  }
}

async function askForOne(ctx: Context, { name }: Retraining, now: Date): Promise<void> {
  try {
    const version = await usualVersion(ctx, name);
    await findLearner(ctx.db, version.hash);
    const run = { id: ctx.newId(), name, strategy: version.hash, options: {}, askedBy: bySchedule };
    await insertRun(ctx.db, { ...run, status: 'waiting', now });
  } catch (error) {
    if (!(error instanceof PostulateError)) throw error;
    const alert = { kind: learningAlert, subject: name };
    const message = `${name} could not learn again: ${error.message}`;
    await raiseAlert(ctx.db, { ...alert, message, detail: {} }, now);
  }
}

/** The active version, or the newest where none is. */
async function usualVersion(ctx: Context, name: string): Promise<StrategyVersion> {
  const versions = await selectVersionsOf(ctx.db, name);
  const { active } = standingOf(await selectActivations(ctx.db, name));
  const found = versions.find(({ hash }) => hash === active) ?? versions.at(-1);
  if (!found) throw notFound('strategy_not_found', `There is no strategy "${name}".`);
  return found;
}

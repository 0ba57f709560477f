import { selectInfosByHash, selectLearnedInfos } from '../database/learned-states.js';
import { type LearningRun, selectRuns } from '../database/learning-runs.js';
import { selectModelsInUse } from '../database/model-promotions.js';
import { selectStrategyVersion, type StrategyVersion } from '../database/strategy-versions.js';
import type { Context } from './context.js';
import { findRetraining, type KnownRetraining } from './keep-learning.js';
import { findRun } from './run-learning.js';

/** How it stands with what a strategy learns. */
export interface LearningStanding {
  /** The model in use of this version. */
  readonly inUse:
    | { readonly id: string; readonly name: string; readonly number: number; readonly clock: string }
    | undefined;
  /** Runs that wait or go on, of any version of the name, the newest first. */
  readonly open: readonly LearningRun[];
  /** The run that ended last. */
  readonly last: LearningRun | undefined;
  readonly retraining: KnownRetraining | undefined;
}

/** A run with what it is of and what came of it. */
export interface FollowedRun {
  readonly run: LearningRun;
  /** Number of the strategy version that learns. */
  readonly version: number;
  /** Number, within the name, of the model that it made. */
  readonly model: number | undefined;
}

const looked = 20;

/** @throws not_found `run_not_found`. */
export async function followRun(ctx: Pick<Context, 'db'>, id: string): Promise<FollowedRun> {
  const run = await findRun(ctx, id);
  const version = await selectStrategyVersion(ctx.db, run.strategy);
  if (!version) throw new Error(`strategy version ${run.strategy} is missing`);
  const [made] = await selectInfosByHash(ctx.db, run.model === undefined ? [] : [run.model]);
  return { run, version: version.version, model: made?.number };
}

export async function findStanding(
  ctx: Pick<Context, 'db'>,
  { name, hash }: Pick<StrategyVersion, 'name' | 'hash'>,
): Promise<LearningStanding> {
  const runs = await selectRuns(ctx.db, { name, limit: looked });
  const isOpen = ({ status }: LearningRun): boolean => status === 'waiting' || status === 'running';
  const model = (await selectModelsInUse(ctx.db, [hash])).get(hash);
  const known = (await selectLearnedInfos(ctx.db, [hash])).find((one) => one.hash === model);
  return {
    inUse: known && { ...known, id: `${known.name}/${known.number}` },
    open: runs.filter(isOpen),
    last: runs.find((run) => !isOpen(run)),
    retraining: await findRetraining(ctx, name),
  };
}

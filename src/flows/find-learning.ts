import { selectLearnedInfos } from '../database/learned-states.js';
import { type LearningRun, selectRuns } from '../database/learning-runs.js';
import { selectModelsInUse } from '../database/model-promotions.js';
import type { StrategyVersion } from '../database/strategy-versions.js';
import type { Context } from './context.js';
import { findRetraining, type KnownRetraining } from './keep-learning.js';

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

const looked = 20;

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

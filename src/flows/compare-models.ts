import { selectLearnedState, type LearnedState } from '../database/learned-states.js';
import { selectModelsInUse } from '../database/model-promotions.js';
import { selectStrategyVersion } from '../database/strategy-versions.js';
import { conflict } from '../errors.js';
import type { Measure } from '../strategies/model-report.js';
import type { Tell } from '../strategies/strategy.js';
import { modelNamed } from './find-models.js';
import { findSnapshot, loadLog } from './learn-strategy.js';
import type { LearnerContext } from './learner.js';
import { kindOf } from './load-parts.js';

export interface ComparedModels {
  /** The hold-out ends here (ISO 8601). */
  readonly clock: string;
  readonly models: readonly { readonly id: string; readonly clock: string; readonly measure: Measure }[];
}

export interface ModelPair {
  readonly name: string;
  readonly number: number;
  /** The other one; left out: the one in use of the same strategy version. */
  readonly against?: number;
}

/**
 * Two models of a name on the same hold-out, the one before now, which neither has learned from.
 *
 * @throws not_found `model_not_found`; conflict `no_measure`, `same_model`.
 */
export async function compareModels(
  ctx: LearnerContext,
  { name, number, against }: ModelPair,
  tell: Tell,
): Promise<ComparedModels> {
  const model = await modelNamed(ctx, name, number);
  const other = against === undefined ? await inUseBeside(ctx, model) : await modelNamed(ctx, name, against);
  if (other.hash === model.hash)
    throw conflict(
      'same_model',
      `${name}/${number} is the model in use itself: say which other to compare it with.`,
    );
  const version = await selectStrategyVersion(ctx.db, model.strategy);
  if (!version) throw new Error(`strategy version ${model.strategy} is missing`);
  const kind = kindOf(version);
  if (!kind.measure)
    throw conflict('no_measure', `Models of the kind ${kind.kind} have no measure: the newest is used.`);
  const clock = ctx.clock();
  const snapshot = await findSnapshot(ctx.db, version, model.source.catalogue);
  const { log } = await loadLog(ctx.db, version, snapshot, clock, tell);
  const models = [model, other].map(({ number: n, clock: learnedBefore, state }) => ({
    id: `${name}/${n}`,
    clock: learnedBefore,
    measure: kind.measure?.(version.definition, state, log, clock, model.seed) as Measure,
  }));
  return { clock: clock.toISOString(), models };
}

async function inUseBeside(ctx: LearnerContext, model: LearnedState): Promise<LearnedState> {
  const hash = (await selectModelsInUse(ctx.db, [model.strategy])).get(model.strategy);
  const found = hash === undefined ? undefined : await selectLearnedState(ctx.db, hash);
  return found ?? model;
}

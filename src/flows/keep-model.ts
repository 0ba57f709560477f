import { insertLearnedState, type LearnedInfo, type LearnedState } from '../database/learned-states.js';
import {
  insertPromotion,
  lockModelName,
  type ModelComparison,
  selectModelsInUse,
  selectPromotions,
} from '../database/model-promotions.js';
import { inTransaction } from '../database/transaction.js';
import { type Judgement, judgeModel } from '../strategies/judge-model.js';
import type { Measure } from '../strategies/model-report.js';
import type { Context } from './context.js';

export interface JudgedBy {
  /** The model in use when it was learned. */
  readonly champion: LearnedState | undefined;
  /** Both on the same hold-out, where the kind has a measure. */
  readonly measured: { readonly challenger: Measure; readonly champion: Measure } | undefined;
  readonly by: string;
}

type NewModel = Omit<LearnedState, 'number' | 'createdAt' | 'clock'> & { readonly clock: Date };

/** Stores a model and says in the record whether it is the one in use from now on, both or neither. */
export async function keepModel(
  ctx: Pick<Context, 'db' | 'clock'>,
  model: NewModel,
  { champion, measured, by }: JudgedBy,
): Promise<LearnedInfo & { readonly judgement: Judgement }> {
  return inTransaction(ctx.db, async (trx) => {
    await lockModelName(trx, model.name);
    const now = ctx.clock();
    const info = await insertLearnedState(trx, { ...model, createdAt: now });
    const judgedBefore = (await selectPromotions(trx, model.name)).find((one) => one.model === model.hash);
    // The same model again is the one that is there, with what was said of it then.
    if (judgedBefore) return { ...info, judgement: { status: judgedBefore.status, why: judgedBefore.why } };
    const inUse = (await selectModelsInUse(trx, [model.strategy])).get(model.strategy);
    const judgement =
      inUse === champion?.hash ? judgeModel(judged(info), champion && judged(champion), measured) : overtaken;
    const comparison: ModelComparison | undefined = measured &&
      champion && { ...measured, against: champion.hash, clock: info.clock };
    await insertPromotion(trx, {
      ...{ name: model.name, strategy: model.strategy, model: model.hash, ...judgement },
      ...(comparison && { comparison }),
      ...{ doneBy: by, doneAt: now.toISOString() },
    });
    return { ...info, judgement };
  });
}

const overtaken: Judgement = {
  status: 'kept',
  why: 'While it was learned another model came into use, with which it was not compared.',
};

const judged = ({ name, number, clock }: LearnedInfo) => ({ id: `${name}/${number}`, clock });

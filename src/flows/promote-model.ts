import { z } from 'zod';
import { type LearnedState, selectLearnedState } from '../database/learned-states.js';
import {
  insertPromotion,
  lockModelName,
  type Promotion,
  selectModelsInUse,
  selectPromotions,
} from '../database/model-promotions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, conflict, notFound } from '../errors.js';
import { readWith } from '../experiments/read-with.js';
import { text } from '../experiments/text.js';
import type { Context } from './context.js';
import { modelNamed } from './find-models.js';

const number = z.int('give the number of a model, such as 3').min(1, 'give the number of a model, such as 3');
const why = text(1_000).refine((given) => given.trim() !== '', 'say why; it stands in the record');

export const promotionSchemas = {
  promote: z.strictObject({ number, why }),
  rollback: z.strictObject({
    number: number.optional().describe('Left out: the model that was in use before this one.'),
    why,
  }),
} as const;

export type ModelChange = keyof typeof promotionSchemas;

export interface PromotionAnswer {
  readonly name: string;
  /** Number of the model in use now. */
  readonly inUse: number;
  /** False where it was so already and nothing was written. */
  readonly changed: boolean;
}

/**
 * Makes a model the one in use of the strategy version that learned it, or goes back to one that was. It only adds to the
 * record. Experiments that run are pinned to theirs and go on as they are.
 *
 * @param by who did it, as the record shows it.
 * @throws bad_input `invalid_promotion`; not_found `model_not_found`; conflict `never_in_use`, `nothing_before`.
 */
export async function changeModelInUse(
  ctx: Context,
  change: ModelChange,
  name: string,
  body: unknown,
  by: string,
): Promise<PromotionAnswer> {
  const parsed = readWith<{ number?: number | undefined; why: string }>(promotionSchemas[change], body);
  if (!parsed.ok) throw badInput('invalid_promotion', 'This can not be done as asked.', parsed.problems);
  const { number: wanted, why: reason } = parsed.value;
  return inTransaction(ctx.db, async (trx) => {
    await lockModelName(trx, name.replaceAll('\0', ''));
    const record = name.includes('\0') ? [] : await selectPromotions(trx, name);
    const inner = { ...ctx, db: trx };
    const model =
      wanted === undefined ? await modelBefore(inner, name, record) : await modelNamed(inner, name, wanted);
    if (
      change === 'rollback' &&
      !record.some((one) => one.model === model.hash && one.status === 'promoted')
    ) {
      const message = `${name}/${model.number} was never in use: there is no going back to it. To take it into use for the first time, promote it.`;
      throw conflict('never_in_use', message);
    }
    const inUse = (await selectModelsInUse(trx, [model.strategy])).get(model.strategy);
    const changed = inUse !== model.hash;
    if (changed) {
      const entry = {
        name,
        strategy: model.strategy,
        model: model.hash,
        status: 'promoted',
        why: reason,
      } as const;
      await insertPromotion(trx, { ...entry, doneBy: by, doneAt: ctx.clock().toISOString() });
    }
    return { name, inUse: model.number, changed };
  });
}

/** Of the strategy version whose model was promoted last, the model that was in use before. */
async function modelBefore(ctx: Context, name: string, record: readonly Promotion[]): Promise<LearnedState> {
  const promoted = record.filter(({ status }) => status === 'promoted');
  const last = promoted.at(-1);
  if (!last) throw notFound('model_not_found', `There is no model of the name "${name}".`);
  const own = promoted.filter(({ strategy }) => strategy === last.strategy);
  const before = own.findLast(({ model }) => model !== last.model);
  const model = before && (await selectLearnedState(ctx.db, before.model));
  if (!model) {
    const message = `No other model of "${name}" was in use before: there is nothing to go back to.`;
    throw conflict('nothing_before', message);
  }
  return model;
}

import { unusableId } from '../assignment/draw.js';
import { recipientIds } from '../database/questions/recipient-ids.js';
import { badInput, conflict, notFound } from '../errors.js';
import { collaborativeKind } from '../strategies/cf/collaborative.js';
import { type Cascade, cascadeFromJSON } from '../strategies/cf/cascade.js';
import { msOf, rulesOf } from '../strategies/cf/definition.js';
import { worthByItem } from '../strategies/cf/interactions.js';
import type { Neighbour } from '../strategies/cf/recommender.js';
import type { Context } from './context.js';
import { findRecommending, modelName, type Recommending, recommendingNames } from './find-recommending.js';
import { loadHistories } from './load-histories.js';

export interface NeighbourFound {
  readonly recipientKey: string;
  /** The sender's own id, where it is known. */
  readonly recipient?: string;
  readonly similarity: number;
  /** Items that both have to do with. */
  readonly shared: readonly string[];
}

export interface NeighboursFound {
  readonly recipient: string;
  readonly recipientKey: string;
  /** As `name/number`. */
  readonly model: string;
  readonly method: string;
  /** ISO 8601: as of when the neighbours are known. */
  readonly learnedUntil: string;
  /** Items that are known of the recipient now. */
  readonly items: readonly string[];
  /** The closest first. */
  readonly neighbours: readonly NeighbourFound[];
}

export const mostNeighbours = 100;

/**
 * Recipients whose taste is most like that of one, who is named by the sender's own id: personal data.
 *
 * @param name of the strategy; may be left out where there is only one.
 * @throws like `findRecommending`; bad_input `which_model`, `keeps_no_recipients`; not_found `recipient_not_found`.
 */
export async function findNeighbours(
  ctx: Context,
  recipient: string,
  { name, most = 10 }: { readonly name?: string; readonly most?: number } = {},
): Promise<NeighboursFound> {
  if (unusableId(recipient) || recipient.includes('\0')) throw nobody();
  const recommending = await findRecommending(ctx, name ?? (await onlyName(ctx)));
  const { model, definition } = recommending;
  const cascade = cascadeFromJSON(recommending.parts.learned);
  const recipientKey = ctx.pseudonyms.recipientKey(recipient);
  if (!(await recipientIds(ctx.db, [recipientKey])).has(recipientKey)) throw nobody();
  const now = ctx.clock();
  const { histories } = await loadHistories(
    ctx.db,
    [recipientKey],
    collaborativeKind.needs(definition, new Map()),
    now,
  );
  const worths = worthByItem(histories.get(recipientKey) ?? [], rulesOf(definition), now.getTime());
  // The recipient was learned from as well, and is most like themselves.
  const found = neighboursIn(cascade, recommending, worths, most + 1).filter(({ id }) => id !== recipientKey);
  const some = found.slice(0, most);
  const keys = some.map(({ id }) => id);
  const ids = await recipientIds(ctx.db, keys);
  const known = await itemsOf(ctx, recommending, keys);
  return {
    ...{ recipient, recipientKey, model: modelName(model), method: cascade.main.method },
    learnedUntil: learnedUntil(recommending).toISOString(),
    items: [...worths.keys()].sort(),
    neighbours: some.map(({ id, similarity }) => {
      const own = ids.get(id);
      const shared = (known.get(id) ?? []).filter((item) => worths.has(item));
      return { recipientKey: id, ...(own !== undefined && { recipient: own }), similarity, shared };
    }),
  };
}

/** What is held out was not learned from. */
function learnedUntil({ model, definition: { holdOut } }: Recommending): Date {
  const clock = new Date(model.clock).getTime();
  return new Date(typeof holdOut === 'string' ? clock - msOf(holdOut) : clock);
}

/** What was known of these recipients when they were learned from, as items in their order. */
async function itemsOf(
  ctx: Context,
  recommending: Recommending,
  recipientKeys: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { definition } = recommending;
  const until = learnedUntil(recommending);
  const needs = collaborativeKind.needs(definition, new Map());
  const { histories } = await loadHistories(ctx.db, recipientKeys, needs, until);
  return new Map(
    [...histories].map(([key, history]) => [
      key,
      [...worthByItem(history, rulesOf(definition), until.getTime()).keys()].sort(),
    ]),
  );
}

function neighboursIn(
  cascade: Cascade,
  { version }: Recommending,
  worths: ReadonlyMap<string, number>,
  most: number,
) {
  const found = cascade.neighbours(worths, most);
  if (found) return found;
  const message = `"${version.name}" learns by ${cascade.main.method}, which keeps no recipients: ask for similar items, or for a strategy that learns by user_knn.`;
  throw badInput('keeps_no_recipients', message);
}

export interface SimilarFound {
  readonly item: string;
  readonly model: string;
  readonly method: string;
  /** The closest first. */
  readonly similar: readonly Neighbour[];
}

/**
 * Items that are liked by those who like one: "customers also bought".
 *
 * @throws like `findRecommending`; bad_input `which_model`, `compares_no_items`; not_found `item_not_learned`.
 */
export async function findSimilarItems(
  ctx: Context,
  item: string,
  { name, most = 10 }: { readonly name?: string; readonly most?: number } = {},
): Promise<SimilarFound> {
  const { version, model, parts } = await findRecommending(ctx, name ?? (await onlyName(ctx)));
  const cascade = cascadeFromJSON(parts.learned);
  const { method } = cascade.main;
  const similar = cascade.similar(item, most);
  if (similar === 'unknown') {
    const message = `The model ${modelName(model)} knows no item "${item.slice(0, 128)}": nobody did anything with it before it learned.`;
    throw notFound('item_not_learned', message);
  }
  if (similar) return { item, model: modelName(model), method, similar };
  throw badInput('compares_no_items', `"${version.name}" learns by ${method}, which compares no items.`);
}

/** @throws bad_input `which_model`; conflict `no_model`. */
async function onlyName(ctx: Context): Promise<string> {
  const names = await recommendingNames(ctx);
  const [only] = names;
  if (only === undefined)
    throw conflict('no_model', 'There is no collaborative strategy: register one by POST /v1/strategies.');
  if (names.length === 1) return only;
  throw badInput('which_model', `Say which strategy: there are ${names.join(', ')}.`);
}

const nobody = (): Error =>
  notFound('recipient_not_found', 'Nothing is known about such a recipient. Ids are taken byte for byte.');

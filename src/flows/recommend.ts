import { selectSnapshotInfos } from '../database/catalogue-snapshots.js';
import { conflict } from '../errors.js';
import { collaborativeKind } from '../strategies/cf/collaborative.js';
import type { Item } from '../strategies/catalogue.js';
import { decideFor } from '../strategies/decide.js';
import { prepareFilter } from '../strategies/eligibility.js';
import type { Json, ScoredItem } from '../strategies/strategy.js';
import type { Context } from './context.js';
import { findRecommending, modelName } from './find-recommending.js';
import { loadHistories } from './load-histories.js';
import { mustFindSnapshot } from './take-snapshot.js';

export interface Recommended {
  readonly strategy: string;
  /** As `name/number`. */
  readonly model: string;
  readonly method: string;
  /** ISO 8601: nothing at it or later is looked at. */
  readonly clock: string;
  /** How the choice was made, or why there is none. */
  readonly reason: string;
  /** Best first. */
  readonly items: readonly (ScoredItem & Pick<Item, 'title' | 'category'>)[];
  /** As the strategy tells it. */
  readonly trace: Json;
  /** There are more events than can be used, and nothing is decided on a part of them. */
  readonly tooLong: boolean;
}

/**
 * What a collaborative strategy recommends to one recipient now, of what is in stock. Stores nothing.
 *
 * @throws like `findRecommending`; conflict `no_snapshot`.
 */
export async function recommend(ctx: Context, name: string, recipientKey: string): Promise<Recommended> {
  const { version, definition, model, parts } = await findRecommending(ctx, name);
  const catalogue = (await selectSnapshotInfos(ctx.db, 1))[0]?.hash;
  if (catalogue === undefined)
    throw conflict('no_snapshot', 'There is no snapshot of the catalogue to recommend from.');
  const snapshot = await mustFindSnapshot(ctx.db, catalogue);
  const clock = ctx.clock();
  const needs = collaborativeKind.needs(definition, parts.segments);
  const { histories, tooLong } = await loadHistories(ctx.db, [recipientKey], needs, clock);
  const profile = { traits: {}, history: histories.get(recipientKey) ?? [] };
  const candidates = prepareFilter({ inStock: true }, snapshot).candidates(profile, clock);
  const { decide, trace } = collaborativeKind.prepare(definition, parts);
  const slotNames = collaborativeKind.slotNames(definition);
  const decision = decideFor({ decide, slotNames }, profile, candidates, clock);
  const items = 'items' in decision ? (decision.items ?? []) : [];
  const known = new Map(snapshot.items.map((item) => [item.id, item]));
  return {
    ...{ strategy: version.name, model: modelName(model), method: definition.method },
    ...{ clock: clock.toISOString(), reason: decision.reason, tooLong: tooLong.has(recipientKey) },
    items: items.map((one) => ({ ...one, ...shownOf(known.get(one.item)) })),
    trace: trace(profile, candidates, clock),
  };
}

function shownOf(item: Item | undefined): Pick<Item, 'title' | 'category'> {
  return {
    ...(item?.title !== undefined && { title: item.title }),
    ...(item?.category !== undefined && { category: item.category }),
  };
}

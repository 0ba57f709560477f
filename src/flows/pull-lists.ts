import { unusableId } from '../assignment/draw.js';
import { selectLearnedInfos } from '../database/learned-states.js';
import { modelInUse } from '../database/questions/model-in-use.js';
import { soldOutItems } from '../database/questions/sold-out-items.js';
import { type RecommendationList, selectLists } from '../database/recommendation-lists.js';
import type { StrategyVersion } from '../database/strategy-versions.js';
import { badInput } from '../errors.js';
import { spellDuration } from '../experiments/duration.js';
import type { History } from '../profiles/history.js';
import { collaborativeKind } from '../strategies/cf/collaborative.js';
import { type CollaborativeDefinition, msOf } from '../strategies/cf/definition.js';
import { excludedItems } from '../strategies/cf/excluded-items.js';
import type { ScoredItem } from '../strategies/strategy.js';
import type { Context } from './context.js';
import { isCollaborative } from './find-recommending.js';
import { findStrategyNamed } from './find-strategy.js';
import { loadHistories } from './load-histories.js';

export interface PulledList {
  readonly recipient: string;
  /** Best first. */
  readonly items: readonly ScoredItem[];
  readonly reason: string;
  /** As `name/number`. */
  readonly model: string;
  /** Content hash of the model. */
  readonly modelHash: string;
  /** ISO 8601: nothing at it or later was looked at. */
  readonly clock: string;
  readonly madeAt: string;
  /** Since the clock. */
  readonly ageSeconds: number;
}

/** No list, and why. */
export interface NoList {
  readonly recipient: string;
  readonly error: {
    readonly code: 'stale' | 'no_list' | 'nothing_left' | 'invalid_id';
    readonly message: string;
  };
}

/** So many may be asked for in one call. */
export const mostPulled = 1_000;

/**
 * The lists that were made for these recipients, in their order. A list that is older than the strategy declares, or of a model
 * that is not in use any more, is refused as `stale`. What was bought since, or is out of stock by now, is left out.
 *
 * @throws not_found where there is no such strategy; bad_input `recommends_nothing`, `too_many_recipients`.
 */
export async function pullLists(
  ctx: Context,
  name: string,
  recipients: readonly string[],
): Promise<(PulledList | NoList)[]> {
  if (recipients.length > mostPulled)
    throw badInput('too_many_recipients', `Ask for at most ${mostPulled} recipients at once.`);
  const version = await findStrategyNamed(ctx, name);
  if (!isCollaborative(version))
    throw badInput(
      'recommends_nothing',
      `"${name}" is of the kind ${version.kind}: only collaborative strategies have lists.`,
    );
  const shelf = await readShelf(ctx, version, recipients);
  return recipients.map((recipient) => {
    if (isUnusable(recipient))
      return without(recipient, 'invalid_id', 'An id is a text of 1 to 256 characters.');
    return listFor(shelf, recipient, ctx.pseudonyms.recipientKey(recipient));
  });
}

const isUnusable = (id: string): boolean => unusableId(id) !== undefined || id.includes('\0');

/** Whatever the lists of some recipients depend on, read once for all. */
interface Shelf {
  readonly definition: CollaborativeDefinition;
  /** Hash and `name/number` of the model in use. */
  readonly model: string | undefined;
  readonly modelName: string;
  /** By recipient key. */
  readonly lists: ReadonlyMap<string, RecommendationList>;
  readonly soldOut: ReadonlySet<string>;
  /** By recipient key: what was done since the lists were made. */
  readonly recent: ReadonlyMap<string, History>;
  readonly now: Date;
}

async function readShelf(
  ctx: Context,
  version: StrategyVersion,
  recipients: readonly string[],
): Promise<Shelf> {
  const now = ctx.clock();
  const definition = version.definition as CollaborativeDefinition;
  const model = await modelInUse(ctx.db, version.hash);
  const known = await selectLearnedInfos(ctx.db, [version.hash]);
  const modelName =
    known.flatMap(({ hash, name, number }) => (hash === model ? [`${name}/${number}`] : []))[0] ?? '';
  const keys = [
    ...new Set(recipients.filter((id) => !isUnusable(id)).map((id) => ctx.pseudonyms.recipientKey(id))),
  ];
  const lists = await selectLists(ctx.db, version.name, keys);
  const served = [...lists.values()].filter(
    (list) => whyStale({ definition, model, now }, list) === undefined,
  );
  const soldOut = await soldOutItems(ctx.db, [
    ...new Set(served.flatMap(({ items }) => items.map(([item]) => item))),
  ]);
  const recent = await historiesSince(ctx, definition, served, now);
  return { definition, model, modelName, lists, soldOut, recent, now };
}

function listFor(shelf: Shelf, recipient: string, key: string): PulledList | NoList {
  const { definition, lists, soldOut, recent, now } = shelf;
  const list = lists.get(key);
  if (!list)
    return without(
      recipient,
      'no_list',
      'There is no list for this recipient: none was made yet, as every night does, or nothing was known of them, or nothing was left.',
    );
  const why = whyStale(shelf, list);
  if (why !== undefined) return without(recipient, 'stale', why);
  const done = excludedItems(definition, recent.get(key) ?? [], now.getTime());
  const left = list.items.filter(([item]) => !soldOut.has(item) && !done.has(item));
  if (left.length === 0)
    return without(recipient, 'nothing_left', 'Everything on the list was bought since or is out of stock.');
  const items = left.slice(0, definition.items).map(([item, score, reason]) => ({ item, score, reason }));
  const { clock, madeAt, model: modelHash, reason } = list;
  const ageSeconds = Math.floor((now.getTime() - clock.getTime()) / 1_000);
  const when = { clock: clock.toISOString(), madeAt: madeAt.toISOString(), ageSeconds };
  return { recipient, items, reason, model: shelf.modelName, modelHash, ...when };
}

function whyStale(
  { definition: { listsMaxAge }, model: inUse, now }: Pick<Shelf, 'definition' | 'model' | 'now'>,
  { clock, model }: RecommendationList,
): string | undefined {
  if (inUse === undefined) return 'No model of this strategy is in use any more.';
  if (model !== inUse)
    return 'The list was made by a model that is not in use any more: make the lists again.';
  const mostMs = msOf(listsMaxAge);
  if (now.getTime() - clock.getTime() <= mostMs) return undefined;
  return `The list is as of ${clock.toISOString()}, which is more than ${spellDuration(mostMs)} ago: make the lists again.`;
}

/** What was done since the lists were made. */
async function historiesSince(
  ctx: Context,
  definition: CollaborativeDefinition,
  lists: readonly RecommendationList[],
  now: Date,
): Promise<ReadonlyMap<string, History>> {
  if (lists.length === 0) return new Map();
  const since = Math.min(...lists.map(({ clock }) => clock.getTime()));
  const { types } = collaborativeKind.needs(definition, new Map());
  const needs = { types, lookbackMs: Math.max(now.getTime() - since, 1) };
  const keys = lists.map(({ recipientKey }) => recipientKey);
  return (await loadHistories(ctx.db, keys, needs, now)).histories;
}

function without(recipient: string, code: NoList['error']['code'], message: string): NoList {
  return { recipient, error: { code, message } };
}

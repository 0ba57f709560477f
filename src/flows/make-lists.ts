import { setImmediate as turn } from 'node:timers/promises';
import { selectSnapshotInfos } from '../database/catalogue-snapshots.js';
import {
  endListRun,
  type ListRun,
  moveListRun,
  lockListRun,
  selectListRun,
  startListRun,
} from '../database/list-runs.js';
import { recipientsAfter } from '../database/questions/touched-recipients.js';
import { deleteOtherLists, type ListedItem, saveLists } from '../database/recommendation-lists.js';
import { inTransaction } from '../database/transaction.js';
import { conflict } from '../errors.js';
import type { History, HistoryNeeds } from '../profiles/history.js';
import { collaborativeKind } from '../strategies/cf/collaborative.js';
import { msOf } from '../strategies/cf/definition.js';
import { decideFor } from '../strategies/decide.js';
import { prepareFilter } from '../strategies/eligibility.js';
import type { Context } from './context.js';
import { findRecommending, modelName, type Recommending } from './find-recommending.js';
import { loadHistories } from './load-histories.js';
import { mustFindSnapshot } from './take-snapshot.js';

export interface ListOptions {
  /** From the first recipient, although an earlier run was interrupted. */
  readonly again?: boolean;
  /** May throw, to interrupt: what is done stays done. */
  readonly onProgress?: (lookedAt: number, recipients: number) => void;
}

export interface MadeLists {
  readonly name: string;
  /** As `name/number`. */
  readonly model: string;
  /** ISO 8601: nothing at it or later was looked at. */
  readonly clock: string;
  readonly recipients: number;
  readonly lists: number;
  /** Lists of an earlier run, of recipients who have none any more. */
  readonly removed: number;
  /** An earlier run was taken up. */
  readonly resumed: boolean;
}

/** So many stand by beside what is served, for what is bought or sold out before the list is pulled. */
export const standingBy = 10;

const atOnce = 250;
/** Recipients decided for before others have their turn. */
const inOneTurn = 10;

/**
 * Makes the list of every recipient with a history, by the model in use and the newest snapshot, in small transactions. A run
 * that was interrupted is taken up where it was left, unless the model or the catalogue is another one by now or it is so old
 * that its lists would soon be stale; several that run at once share the work.
 *
 * @throws like `findRecommending`; conflict `no_snapshot`, `lists_taken_over`.
 */
export async function makeLists(
  ctx: Context,
  name: string,
  { again = false, onProgress = () => undefined }: ListOptions = {},
): Promise<MadeLists> {
  const recommending = await findRecommending(ctx, name);
  const { run, resumed } = await beginRun(ctx, recommending, again);
  const lister = await openLister(ctx, recommending, run);
  for (;;) {
    const at = await mustFindRun(ctx, run);
    if (at.endedAt !== null) break;
    onProgress(at.lookedAt, at.recipients);
    if (!(await makeBatch(ctx, at, lister))) break;
  }
  const removed = await endRun(ctx, run);
  const { lookedAt, written } = await mustFindRun(ctx, run);
  onProgress(lookedAt, lookedAt);
  return {
    ...{ name: run.name, model: modelName(recommending.model), clock: run.clock.toISOString() },
    ...{ recipients: lookedAt, lists: written, removed, resumed },
  };
}

async function beginRun(
  ctx: Context,
  { version, definition, model }: Recommending,
  again: boolean,
): Promise<{ run: ListRun; resumed: boolean }> {
  const now = ctx.clock();
  const catalogue = (await selectSnapshotInfos(ctx.db, 1))[0]?.hash;
  if (catalogue === undefined) {
    throw conflict('no_snapshot', 'There is no snapshot of the catalogue: take one by POST /v1/catalogue/snapshots or postulate catalogue snapshot.'); // prettier-ignore
  }
  const { name } = version;
  return inTransaction(ctx.db, async (trx) => {
    await lockListRun(trx, name);
    const known = await selectListRun(trx, name);
    const isFresh = known && now.getTime() - known.clock.getTime() < msOf(definition.listsMaxAge) / 2;
    const isSame = known?.model === model.hash && known.catalogue === catalogue;
    if (known && known.endedAt === null && isFresh && isSame && !again) return { run: known, resumed: true };
    const run = { name, run: ctx.newId(), strategy: version.hash, model: model.hash, catalogue, clock: now };
    await startListRun(trx, run, now);
    return { run: await mustFindRun({ db: trx }, run), resumed: false };
  });
}

/** @throws conflict `lists_taken_over`. */
async function mustFindRun(
  { db }: Pick<Context, 'db'>,
  { name, run }: Pick<ListRun, 'name' | 'run'>,
): Promise<ListRun> {
  const found = await selectListRun(db, name);
  if (found?.run === run) return found;
  throw conflict(
    'lists_taken_over',
    `Somebody else has begun to make the lists of "${name}" anew, with what is in use by now.`,
  );
}

type List = { readonly reason: string; readonly items: readonly ListedItem[] };

interface Lister {
  readonly needs: HistoryNeeds;
  /** Undefined where there is nothing to recommend. */
  list(history: History): List | undefined;
}

async function openLister(
  ctx: Context,
  { definition, parts }: Recommending,
  { catalogue, clock }: ListRun,
): Promise<Lister> {
  const longer = { ...definition, items: definition.items + standingBy };
  const decider = collaborativeKind.prepare(longer, parts);
  const filter = prepareFilter({ inStock: true }, await mustFindSnapshot(ctx.db, catalogue));
  const asked = { decide: decider.decide, slotNames: collaborativeKind.slotNames(definition) };
  return {
    needs: collaborativeKind.needs(definition, parts.segments),
    list(history) {
      const profile = { traits: {}, history };
      const decision = decideFor(asked, profile, filter.candidates(profile, clock), clock);
      if (!('items' in decision) || decision.items === undefined) return undefined;
      const { reason, items } = decision;
      return { reason, items: items.map((one) => [one.item, one.score, one.reason] as const) };
    },
  };
}

/** @returns false where there is nobody left. */
async function makeBatch(ctx: Context, run: ListRun, lister: Lister): Promise<boolean> {
  const keys = await recipientsAfter(ctx.db, run.after, atOnce);
  const last = keys.at(-1);
  if (last === undefined) return false;
  const { histories, tooLong } = await loadHistories(ctx.db, keys, lister.needs, run.clock);
  const rows: (List & { recipientKey: string })[] = [];
  for (const [i, recipientKey] of keys.entries()) {
    if (i % inOneTurn === 0) await turn();
    const history = histories.get(recipientKey) ?? [];
    const list = history.length === 0 || tooLong.has(recipientKey) ? undefined : lister.list(history);
    if (list) rows.push({ recipientKey, ...list });
  }
  const { name, model, clock } = run;
  await inTransaction(ctx.db, async (trx) => {
    const now = ctx.clock();
    const to = { after: last, lookedAt: keys.length, written: rows.length };
    // Somebody else was faster, with the same lists.
    if (!(await moveListRun(trx, run, to, now))) return;
    await saveLists(trx, { name, model, clock, madeAt: now }, rows);
  });
  return true;
}

async function endRun(ctx: Context, run: ListRun): Promise<number> {
  return inTransaction(ctx.db, async (trx) => {
    if (!(await endListRun(trx, run.run, ctx.clock()))) return 0;
    return deleteOtherLists(trx, run);
  });
}

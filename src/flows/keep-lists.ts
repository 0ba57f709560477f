import { selectListRuns } from '../database/list-runs.js';
import type { Context } from './context.js';
import { recommendingNames } from './find-recommending.js';
import { listStrategyNames } from './list-strategy-names.js';
import { makeLists } from './make-lists.js';

/** What one round came to. */
export interface KeptLists {
  readonly lists: number;
  readonly made: readonly string[];
  /** By name, with why. */
  readonly failed: readonly { readonly name: string; readonly why: string }[];
}

/** Whoever makes lists says so with every batch: silent for so long, it was interrupted. */
const silentMs = 5 * 60_000;

/**
 * Makes the lists of all collaborative strategies that are active, and of those whose lists somebody has asked for once. One that
 * fails does not keep the others from theirs.
 */
export async function keepLists(ctx: Context): Promise<KeptLists | undefined> {
  const asked = new Set((await selectListRuns(ctx.db)).map(({ name }) => name));
  const active = new Set(
    (await listStrategyNames(ctx)).filter(({ status }) => status === 'active').map(({ name }) => name),
  );
  return makeAll(
    ctx,
    (await recommendingNames(ctx)).filter((name) => active.has(name) || asked.has(name)),
  );
}

/** Takes up what the last process left half done. */
export async function resumeLists(ctx: Context): Promise<KeptLists | undefined> {
  const silentSince = ctx.clock().getTime() - silentMs;
  const runs = await selectListRuns(ctx.db);
  const left = runs.filter(({ endedAt, movedAt }) => endedAt === null && movedAt.getTime() <= silentSince);
  return makeAll(
    ctx,
    left.map(({ name }) => name),
  );
}

async function makeAll(ctx: Context, names: readonly string[]): Promise<KeptLists | undefined> {
  let lists = 0;
  const made: string[] = [];
  const failed: { name: string; why: string }[] = [];
  for (const name of names) {
    try {
      lists += (await makeLists(ctx, name)).lists;
      made.push(name);
    } catch (error) {
      failed.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return made.length + failed.length === 0 ? undefined : { lists, made, failed };
}

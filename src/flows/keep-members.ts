import { dueRecipients, touchedRecipients } from '../database/questions/touched-recipients.js';
import { lockMembers, saveProgress, selectProgress, takeTouches } from '../database/segment-members.js';
import { selectNewestSegments, type SegmentVersion } from '../database/segment-versions.js';
import { inTransaction } from '../database/transaction.js';
import type { Context } from './context.js';
import { atOnce, type Bench, horizonOf, judge, openBench } from './judge-members.js';
import { isUnderWay, rebuildMembers } from './rebuild-members.js';

/** Where more have been touched than this, everybody is looked at again. */
const mostTouched = 100_000;
/** Clocks of several services differ, and what is recorded has a time of arrival from before it waited for its turn. */
const overlapMs = 60_000;

/** What became of one round. */
export interface KeptMembers {
  readonly segments: number;
  /** Recipients that were looked at because something was heard of them or time has gone by. */
  readonly judged: number;
  /** Segments whose members were all made again. */
  readonly rebuilt: number;
}

/**
 * Brings the members of all segments up to date: of a segment with a new version everybody is judged, otherwise those about
 * whom something has arrived since and those whose window has moved on. For sizes and lists; decisions look for themselves.
 */
export async function keepMembers(ctx: Context): Promise<KeptMembers | undefined> {
  const segments = await selectNewestSegments(ctx.db);
  if (segments.length === 0) {
    await forgetTouches(ctx);
    return undefined;
  }
  const known = await selectProgress(ctx.db);
  const isKept = ({ name, hash }: SegmentVersion): boolean => known.get(name)?.versionHash === hash;
  const fresh = segments.filter((segment) => !isKept(segment));
  const kept = segments.filter(isKept);
  // Everybody is judged from here on; whatever is heard of them meanwhile is on the list again.
  if (kept.length === 0 && !(await isUnderWay(ctx, fresh))) await forgetTouches(ctx);
  const judged = kept.length > 0 ? await catchUp(ctx, kept, oldest(kept, known)) : 0;
  if (judged === 'too many') fresh.push(...kept);
  if (fresh.length > 0) await rebuildMembers(ctx, fresh, { goesOn: true });
  // Looking again at a few is what it always does.
  if (fresh.length === 0) return undefined;
  return { segments: segments.length, judged: judged === 'too many' ? 0 : judged, rebuilt: fresh.length };
}

async function catchUp(
  ctx: Context,
  segments: readonly SegmentVersion[],
  upTo: Date,
): Promise<number | 'too many'> {
  const horizon = await horizonOf(ctx);
  const bench = await openBench(ctx.db, segments);
  const since = new Date(upTo.getTime() - overlapMs);
  const touched = await touchedRecipients(ctx.db, since, mostTouched + 1);
  const due = await dueRecipients(ctx.db, ctx.clock(), mostTouched + 1);
  const keys = [...new Set([...touched, ...due])].sort();
  if (keys.length > mostTouched) return 'too many';
  for (let start = 0; start < keys.length; start += atOnce) {
    const some = keys.slice(start, start + atOnce);
    await inTransaction(ctx.db, (trx) => judge(trx, bench, some, ctx.clock()));
  }
  const named = await judgeTouched(ctx, bench);
  await inTransaction(ctx.db, (trx) => saveProgress(trx, segments, horizon, ctx.clock()));
  return keys.length + named;
}

/** Those about whom something became known that is no event; off the list and judged in one transaction. */
async function judgeTouched(ctx: Context, bench: Bench): Promise<number> {
  let judged = 0;
  for (;;) {
    const keys = await inTransaction(ctx.db, async (trx) => {
      await lockMembers(trx);
      const some = (await takeTouches(trx, atOnce)).sort();
      if (some.length > 0) await judge(trx, bench, some, ctx.clock());
      return some;
    });
    if (keys.length === 0) return judged;
    judged += keys.length;
  }
}

function oldest(
  segments: readonly SegmentVersion[],
  known: ReadonlyMap<string, { readonly upTo: Date }>,
): Date {
  return new Date(Math.min(...segments.map(({ name }) => known.get(name)?.upTo.getTime() ?? 0)));
}

async function forgetTouches(ctx: Context): Promise<void> {
  for (;;) {
    const taken = await inTransaction(ctx.db, (trx) => takeTouches(trx, 10_000));
    if (taken.length === 0) return;
  }
}

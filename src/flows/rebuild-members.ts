import { waitForWriters } from '../database/questions/open-writes.js';
import { recipientsAfter } from '../database/questions/touched-recipients.js';
import { saveProgress } from '../database/segment-members.js';
import {
  endRebuilds,
  moveRebuilds,
  selectRebuilds,
  startRebuilds,
  type SegmentRebuild,
} from '../database/segment-rebuilds.js';
import type { SegmentVersion } from '../database/segment-versions.js';
import { inTransaction } from '../database/transaction.js';
import type { Context } from './context.js';
import { atOnce, horizonOf, judge, openBench } from './judge-members.js';

export interface RebuildOptions {
  /** Where an earlier rebuild was interrupted, it is taken up again; otherwise everybody is judged. */
  readonly goesOn?: boolean;
  readonly onProgress?: (recipients: number) => void;
}

/**
 * Judges everybody for these segments, in small transactions, so that others have their turn in between. However many there
 * are, memory holds those of one.
 *
 * @returns how many recipients were judged, those before an interruption among them.
 */
export async function rebuildMembers(
  ctx: Context,
  segments: readonly SegmentVersion[],
  { goesOn = false, onProgress = () => undefined }: RebuildOptions = {},
): Promise<number> {
  const names = segments.map(({ name }) => name);
  const place = (goesOn ? await placeOf(ctx, segments) : undefined) ?? (await start(ctx, segments));
  const bench = await openBench(ctx.db, segments);
  let { after, judged } = place;
  for (;;) {
    const [from, before] = [after, judged];
    const keys = await inTransaction(ctx.db, async (trx) => {
      const some = await recipientsAfter(trx, from, atOnce);
      const last = some.at(-1);
      if (last === undefined) return some;
      await judge(trx, bench, some, ctx.clock());
      await moveRebuilds(trx, names, last, before + some.length);
      return some;
    });
    judged += keys.length;
    onProgress(judged);
    const last = keys.at(-1);
    if (last === undefined || keys.length < atOnce) break;
    after = last;
  }
  await inTransaction(ctx.db, async (trx) => {
    await saveProgress(trx, segments, place.upTo, ctx.clock());
    await endRebuilds(trx, names);
  });
  return judged;
}

/** Whether a rebuild of all of them has begun and not ended. */
export async function isUnderWay(ctx: Context, segments: readonly SegmentVersion[]): Promise<boolean> {
  return (await placeOf(ctx, segments)) !== undefined;
}

type Place = Pick<SegmentRebuild, 'after' | 'judged' | 'upTo'>;

/** As far as every one of them has come; undefined where one has not begun. */
async function placeOf(ctx: Context, segments: readonly SegmentVersion[]): Promise<Place | undefined> {
  const known = await selectRebuilds(ctx.db);
  let place: Place | undefined;
  for (const { name, hash } of segments) {
    const one = known.get(name);
    if (one?.versionHash !== hash) return undefined;
    const { after, judged } = place === undefined || one.after < place.after ? one : place;
    place = { after, judged, upTo: place === undefined || one.upTo < place.upTo ? one.upTo : place.upTo };
  }
  return place;
}

async function start(ctx: Context, segments: readonly SegmentVersion[]): Promise<Place> {
  // Who writes without having seen the first segment leaves no touch.
  await waitForWriters(ctx.db);
  const upTo = await horizonOf(ctx);
  await inTransaction(ctx.db, (trx) => startRebuilds(trx, segments, upTo));
  return { after: '', judged: 0, upTo };
}

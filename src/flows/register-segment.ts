import {
  insertSegmentVersion,
  lockSegments,
  type SegmentVersion,
  selectSegmentByHash,
} from '../database/segment-versions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput } from '../errors.js';
import { cycleFrom, parseSegment, segmentsNamed } from '../profiles/segments/segment.js';
import { contentHash } from '../strategies/content-hash.js';
import type { Context } from './context.js';
import { loadSegments, pinSegments } from './load-segments.js';

/**
 * Stores a segment as the next version of its name; the same again is the version that is there already. Segments that it
 * names without a version are pinned to the newest one.
 *
 * @throws bad_input `invalid_segment` with every problem found, `segment_cycle` with the path.
 */
export async function registerSegment(ctx: Context, body: unknown): Promise<SegmentVersion> {
  const parsed = parseSegment(body);
  if (!parsed.ok) throw badInput('invalid_segment', 'This segment has mistakes.', parsed.problems);
  const now = ctx.clock();
  return inTransaction(ctx.db, async (trx) => {
    await lockSegments(trx);
    const pinned = await pinSegments(trx, parsed.value);
    if (!pinned.ok)
      throw badInput('invalid_segment', 'This segment names others that there are not.', pinned.problems);
    const segment = pinned.value;
    const cycle = cycleFrom(segment.name, segment.when, await loadSegments(trx, segmentsNamed(segment.when)));
    if (cycle) {
      const path = cycle.join(' > ');
      throw badInput('segment_cycle', `Segments must not lead back to themselves: ${path}.`, [
        { path: 'when', message: `leads back to "${segment.name}": ${path}` },
      ]);
    }
    const hash = contentHash(segment);
    return (
      (await selectSegmentByHash(trx, hash)) ?? (await insertSegmentVersion(trx, { ...segment, hash }, now))
    );
  });
}

import { memberCounts } from '../database/questions/segment-differences.js';
import { selectNewestSegments } from '../database/segment-versions.js';
import type { Context } from './context.js';
import { findSegment } from './find-segments.js';
import { rebuildMembers } from './rebuild-members.js';

/** What a rebuild has found. */
export interface RebuiltSegment {
  readonly name: string;
  readonly members: number;
  /** Recipients who were not in before, and who no longer are: 0 where the members had been kept well. */
  readonly added: number;
  readonly removed: number;
}

/**
 * Judges everybody anew, for one segment or for all.
 *
 * @throws not_found `segment_not_found`.
 */
export async function rebuildSegments(
  ctx: Context,
  name?: string,
  onProgress?: (recipients: number) => void,
): Promise<RebuiltSegment[]> {
  const segments =
    name === undefined ? await selectNewestSegments(ctx.db) : [(await findSegment(ctx, name)).segment];
  if (segments.length === 0) return [];
  const began = ctx.clock();
  const before = await memberCounts(ctx.db, began);
  await rebuildMembers(ctx, segments, { ...(onProgress && { onProgress }) });
  const after = await memberCounts(ctx.db, began);
  return segments.map((segment) => {
    const now = after.get(segment.name) ?? { members: 0, since: 0 };
    const then = before.get(segment.name)?.members ?? 0;
    return {
      name: segment.name,
      members: now.members,
      added: now.since,
      removed: then + now.since - now.members,
    };
  });
}

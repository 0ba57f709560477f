import { segmentMembers } from '../database/questions/segment-members-page.js';
import { selectProgress, type SegmentProgress } from '../database/segment-members.js';
import { selectRebuilds, type SegmentRebuild } from '../database/segment-rebuilds.js';
import {
  selectNewestSegments,
  selectSegmentHistory,
  type SegmentVersion,
} from '../database/segment-versions.js';
import { notFound } from '../errors.js';
import { conditionInWords } from '../profiles/segments/in-words.js';
import type { Context } from './context.js';

/** A segment with its size. */
export interface KnownSegment extends SegmentVersion {
  /** Its condition in words. */
  readonly words: string;
  /** Undefined: its members have not been counted since this version was made. */
  readonly size?: {
    readonly members: number;
    /** ISO 8601: whatever arrived before this is in. */
    readonly upTo: string;
    readonly lagSeconds: number;
  };
  /** Its members are being counted: so many recipients are judged, of so many that there were at the start. */
  readonly counting?: { readonly judged: number; readonly recipients: number };
}

export async function listSegments(ctx: Context): Promise<KnownSegment[]> {
  const segments = await selectNewestSegments(ctx.db);
  const progress = await selectProgress(ctx.db);
  const rebuilds = await selectRebuilds(ctx.db);
  return segments.map((segment) =>
    withSize(ctx, segment, progress.get(segment.name), rebuilds.get(segment.name)),
  );
}

export interface SegmentWithHistory {
  readonly segment: KnownSegment;
  /** The newest first, itself among them. */
  readonly versions: readonly SegmentVersion[];
}

/** @throws not_found `segment_not_found`. */
export async function findSegment(ctx: Context, name: string): Promise<SegmentWithHistory> {
  const versions = await selectSegmentHistory(ctx.db, name.slice(0, 200).replaceAll('\0', ''));
  const [newest] = versions;
  if (!newest) throw notFound('segment_not_found', `There is no segment "${name.slice(0, 128)}".`);
  const progress = await selectProgress(ctx.db);
  const rebuilds = await selectRebuilds(ctx.db);
  return { segment: withSize(ctx, newest, progress.get(newest.name), rebuilds.get(newest.name)), versions };
}

export interface MemberRow {
  /** The sender's own id. */
  readonly recipient: string;
  readonly recipientKey: string;
  /** ISO 8601. */
  readonly since: string;
}

/** So many members are read at once. */
const membersAtOnce = 2_000;

/** Who is in a segment, by recipient key, as of when it was last brought up to date. Personal data. */
export async function* listMembers(ctx: Context, name: string): AsyncGenerator<MemberRow[]> {
  const { segment } = await findSegment(ctx, name);
  let after = '';
  for (;;) {
    const rows = await segmentMembers(ctx.db, segment.name, after, membersAtOnce);
    if (rows.length > 0) yield rows.map(({ since, ...row }) => ({ ...row, since: since.toISOString() }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < membersAtOnce) return;
    after = last.recipientKey;
  }
}

function withSize(
  ctx: Context,
  segment: SegmentVersion,
  progress: SegmentProgress | undefined,
  rebuild: SegmentRebuild | undefined,
): KnownSegment {
  const counting = rebuild?.versionHash === segment.hash && {
    counting: { judged: rebuild.judged, recipients: Math.max(rebuild.recipients, rebuild.judged) },
  };
  const known = { ...segment, words: conditionInWords(segment.when), ...counting };
  if (progress?.versionHash !== segment.hash) return known;
  const { members, upTo } = progress;
  const lagSeconds = Math.max(0, Math.round((ctx.clock().getTime() - upTo.getTime()) / 1_000));
  return { ...known, size: { members, upTo: upTo.toISOString(), lagSeconds } };
}

import type { Knex } from 'knex';
import { binaryArray } from './binary-array.js';
import { insertRows } from './insert-rows.js';

/** Whether a recipient is in a segment, and when that is to be looked at again although nothing happens. */
export interface Judged {
  readonly segment: string;
  readonly recipientKey: string;
  readonly member: boolean;
  /** Milliseconds since 1970. */
  readonly recheckAt: number | undefined;
}

/** How far the members of a segment are up to date. */
export interface SegmentProgress {
  readonly segment: string;
  readonly versionHash: string;
  /** Whatever arrived before this is in. */
  readonly upTo: Date;
  readonly members: number;
}

/** Something about them has become known that no event tells. */
export async function touchRecipients(db: Knex, recipientKeys: readonly string[]): Promise<void> {
  await insertRows(db, 'segment_touches', { recipient_key: { type: 'text', values: recipientKeys } });
}

/** The same of those who are enrolled under these numbers. */
export async function touchRecipientsOf(db: Knex, enrolments: readonly string[]): Promise<void> {
  await db.raw(
    'insert into segment_touches select recipient_key from enrolments where id = any(?::bigint[])',
    [binaryArray('bigint', enrolments)],
  );
}

/** Takes up to so many rows off; of one recipient there may be several. */
export async function takeTouches(trx: Knex, most: number): Promise<string[]> {
  const result = await trx.raw<{ rows: { recipient_key: string }[] }>(
    `delete from segment_touches where ctid = any(array(select ctid from segment_touches limit ?)) returning recipient_key`,
    [most],
  );
  return [...new Set(result.rows.map((row) => row.recipient_key))];
}

/** Nobody else writes members before the transaction ends, so that no older verdict comes after a newer one. */
export async function lockMembers(trx: Knex): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtext('segment-members'))`);
}

/** Writes verdicts. Rows of recipients who are not in and need no second look are not kept. */
export async function saveMembers(trx: Knex, judged: readonly Judged[], now: Date): Promise<void> {
  const kept = judged.filter(({ member, recheckAt }) => member || recheckAt !== undefined);
  const dropped = judged.filter(({ member, recheckAt }) => !member && recheckAt === undefined);
  await insertRows(
    trx,
    'segment_members',
    {
      segment: { type: 'text', values: kept.map((row) => row.segment) },
      recipient_key: { type: 'text', values: kept.map((row) => row.recipientKey) },
      member: { type: 'boolean', values: kept.map((row) => String(row.member)) },
      since: { type: 'timestamptz', all: now },
      recheck_at: {
        type: 'timestamptz',
        values: kept.map(({ recheckAt }) => (recheckAt === undefined ? null : new Date(recheckAt))),
      },
    },
    `on conflict (segment, recipient_key) do update set
       member = excluded.member, recheck_at = excluded.recheck_at,
       since = case when segment_members.member = excluded.member then segment_members.since else excluded.since end
     where (segment_members.member, segment_members.recheck_at) is distinct from (excluded.member, excluded.recheck_at)`,
  );
  if (dropped.length === 0) return;
  await trx.raw(
    `delete from segment_members m using unnest(?::text[], ?::text[]) as d (segment, recipient_key)
     where m.segment = d.segment and m.recipient_key = d.recipient_key`,
    [
      binaryArray(
        'text',
        dropped.map((row) => row.segment),
      ),
      binaryArray(
        'text',
        dropped.map((row) => row.recipientKey),
      ),
    ],
  );
}

export async function selectProgress(db: Knex): Promise<Map<string, SegmentProgress>> {
  const result = await db.raw<{ rows: SegmentProgress[] }>(
    `select segment, version_hash as "versionHash", up_to as "upTo", members::float8 as members from segment_progress`,
  );
  return new Map(result.rows.map((row) => [row.segment, row]));
}

/** Says that these segments are up to date, and counts their members. */
export async function saveProgress(
  trx: Knex,
  segments: readonly { readonly name: string; readonly hash: string }[],
  upTo: Date,
  now: Date,
): Promise<void> {
  await trx.raw(
    `insert into segment_progress (segment, version_hash, up_to, members, updated_at)
     select s.name, s.hash, ?::timestamptz,
            (select count(*) from segment_members m where m.segment = s.name and m.member), ?::timestamptz
     from unnest(?::text[], ?::text[]) as s (name, hash)
     on conflict (segment) do update set version_hash = excluded.version_hash, up_to = excluded.up_to,
       members = excluded.members, updated_at = excluded.updated_at`,
    [
      upTo.toISOString(),
      now.toISOString(),
      binaryArray(
        'text',
        segments.map(({ name }) => name),
      ),
      binaryArray(
        'text',
        segments.map(({ hash }) => hash),
      ),
    ],
  );
}

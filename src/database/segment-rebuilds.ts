import type { Knex } from 'knex';
import { binaryArray } from './binary-array.js';

/** A segment whose members are being made again. */
export interface SegmentRebuild {
  readonly segment: string;
  readonly versionHash: string;
  /** Everybody up to this key has been judged; empty: nobody yet. */
  readonly after: string;
  /** Whatever arrived before this will be in. */
  readonly upTo: Date;
  readonly judged: number;
  /** How many there were at the start. */
  readonly recipients: number;
}

export async function selectRebuilds(db: Knex): Promise<Map<string, SegmentRebuild>> {
  const result = await db.raw<{ rows: SegmentRebuild[] }>(
    `select segment, version_hash as "versionHash", after_key as after, up_to as "upTo", judged::float8 as judged,
       recipients::float8 as recipients from segment_rebuilds`,
  );
  return new Map(result.rows.map((row) => [row.segment, row]));
}

/** Begins at the first recipient, whatever was under way. */
export async function startRebuilds(
  trx: Knex,
  segments: readonly { readonly name: string; readonly hash: string }[],
  upTo: Date,
): Promise<void> {
  await trx.raw(
    `insert into segment_rebuilds (segment, version_hash, after_key, up_to, judged, recipients)
     select s.name, s.hash, '', ?::timestamptz, 0, (select count(*) from identities)
     from unnest(?::text[], ?::text[]) as s (name, hash)
     on conflict (segment) do update set version_hash = excluded.version_hash, after_key = excluded.after_key,
       up_to = excluded.up_to, judged = excluded.judged, recipients = excluded.recipients`,
    [
      upTo.toISOString(),
      binaryArray('text', segments.map(({ name }) => name)),
      binaryArray('text', segments.map(({ hash }) => hash)),
    ],
  ); // prettier-ignore
}

/** Does nothing for those that somebody else has finished. */
export async function moveRebuilds(
  trx: Knex,
  segments: readonly string[],
  after: string,
  judged: number,
): Promise<void> {
  await trx.raw('update segment_rebuilds set after_key = ?, judged = ? where segment = any(?::text[])', [
    after,
    judged,
    binaryArray('text', segments),
  ]);
}

export async function endRebuilds(trx: Knex, segments: readonly string[]): Promise<void> {
  await trx.raw('delete from segment_rebuilds where segment = any(?::text[])', [
    binaryArray('text', segments),
  ]);
}

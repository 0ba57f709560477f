import type { Knex } from 'knex';
import type { Segment } from '../profiles/segments/segment.js';

export interface SegmentVersion extends Segment {
  /** ISO 8601. */
  readonly createdAt: string;
}

interface Row {
  hash: string;
  name: string;
  version: number;
  definition: Pick<Segment, 'title' | 'description' | 'when'>;
  created_at: Date;
}

/** Nobody else adds a version of any segment before the transaction ends: a cycle needs two of them. */
export async function lockSegments(trx: Knex): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtext('segments'))`);
}

/** @returns the version that is there already, if there is one with this content. */
export async function selectSegmentByHash(db: Knex, hash: string): Promise<SegmentVersion | undefined> {
  const row = await db<Row>('segment_versions').where({ hash }).first();
  return row && toSegment(row);
}

/** The next version of its name. For use with `lockSegments`. */
export async function insertSegmentVersion(
  trx: Knex,
  segment: Omit<Segment, 'version'>,
  createdAt: Date,
): Promise<SegmentVersion> {
  const { name, hash, ...definition } = segment;
  const result = await trx.raw<{ rows: Row[] }>(
    `insert into segment_versions (hash, name, version, definition, created_at)
     select ?, ?, coalesce(max(version), 0) + 1, ?::json, ? from segment_versions where name = ? returning *`,
    [hash, name, JSON.stringify(definition), createdAt, name],
  );
  const [row] = result.rows;
  if (!row) throw new Error(`segment ${name} vanished while it was being stored`);
  return toSegment(row);
}

/** The newest version of each of these names, or of all. By name. */
export async function selectNewestSegments(db: Knex, names?: readonly string[]): Promise<SegmentVersion[]> {
  const result = await db.raw<{ rows: Row[] }>(
    `select distinct on (name) * from segment_versions ${names ? 'where name = any(?::text[])' : ''}
     order by name, version desc`,
    names ? [names as string[]] : [],
  );
  return result.rows.map(toSegment);
}

/** Those of these versions that there are, by `name@version`. */
export async function selectSegments(
  db: Knex,
  references: readonly string[],
): Promise<Map<string, SegmentVersion>> {
  if (references.length === 0) return new Map();
  const result = await db.raw<{ rows: Row[] }>(
    `select * from segment_versions where name = any(?::text[]) and name || '@' || version = any(?::text[])`,
    [references.map((reference) => reference.replace(/@\d+$/, '')), references as string[]],
  );
  return new Map(result.rows.map((row) => [`${row.name}@${row.version}`, toSegment(row)]));
}

/** Of one name, the newest first. */
export async function selectSegmentHistory(db: Knex, name: string): Promise<SegmentVersion[]> {
  const rows = await db<Row>('segment_versions').where({ name }).orderBy('version', 'desc');
  return rows.map(toSegment);
}

function toSegment({ hash, name, version, definition, created_at: createdAt }: Row): SegmentVersion {
  return { name, version, hash, ...definition, createdAt: createdAt.toISOString() };
}

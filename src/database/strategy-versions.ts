import type { Knex } from 'knex';

/** An immutable strategy; the hash of its kind and definition is its identity. */
export interface StrategyVersion {
  readonly name: string;
  /** 1, 2, 3, … within a name. */
  readonly version: number;
  readonly hash: string;
  readonly kind: string;
  /** The state that `decide` works on: plain JSON. */
  readonly definition: unknown;
  readonly createdAt: string;
}

interface Row {
  hash: string;
  name: string;
  version: number;
  kind: string;
  definition: unknown;
  created_at: Date;
}

/**
 * Stores a version under the next number of its name. The same definition again, under any name, is the version
 * that is already there: content is what counts.
 */
export async function insertStrategyVersion(
  db: Knex,
  version: { name: string; hash: string; kind: string; definition: unknown; createdAt: Date },
): Promise<StrategyVersion> {
  // Two writers of one name would take the same number; the second waits here and sees the first's row.
  await lockStrategyName(db, version.name);
  await db.raw(
    `insert into strategy_versions (hash, name, version, kind, definition, created_at)
     select ?, ?, coalesce(max(version), 0) + 1, ?, ?::json, ? from strategy_versions where name = ?
     on conflict (hash) do nothing`,
    [
      version.hash,
      version.name,
      version.kind,
      JSON.stringify(version.definition),
      version.createdAt,
      version.name,
    ],
  );
  const row = await db<Row>('strategy_versions').where({ hash: version.hash }).first();
  if (!row) throw new Error(`strategy version ${version.hash} vanished while it was being stored`);
  return toVersion(row);
}

/** Whoever adds a version to a name, or changes which one is active, waits here for the one before. */
export async function lockStrategyName(trx: Knex, name: string): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [`strategy:${name}`]);
}

/** @param reference `name@number` or `sha256:…`. */
export async function selectStrategyVersion(
  db: Knex,
  reference: string,
): Promise<StrategyVersion | undefined> {
  const named = /^(.+)@([1-9]\d{0,8})$/.exec(reference);
  const where = named ? { name: named[1], version: Number(named[2]) } : { hash: reference };
  const row = await db<Row>('strategy_versions').where(where).first();
  return row && toVersion(row);
}

export async function selectStrategyVersions(
  db: Knex,
  hashes?: readonly string[],
): Promise<StrategyVersion[]> {
  const query = db<Row>('strategy_versions').orderBy('name').orderBy('version');
  const rows = await (hashes ? query.whereIn('hash', hashes) : query);
  return rows.map(toVersion);
}

/** The versions of one name, the first one first. */
export async function selectVersionsOf(db: Knex, name: string): Promise<StrategyVersion[]> {
  return (await db<Row>('strategy_versions').where({ name }).orderBy('version')).map(toVersion);
}

function toVersion(row: Row): StrategyVersion {
  const { created_at: createdAt, ...rest } = row;
  return { ...rest, createdAt: createdAt.toISOString() };
}

import type { Knex } from 'knex';
import type { RegisteredScorer, ScorerDefinition } from '../strategies/scorers/scorer.js';

export interface StoredScorer extends RegisteredScorer {
  readonly registeredBy: string;
  readonly createdAt: string;
}

interface Row {
  name: string;
  version: number;
  hash: string;
  definition: ScorerDefinition;
  registered_by: string;
  created_at: Date;
}

const columns = ['name', 'version', 'hash', 'definition', 'registered_by', 'created_at'] as const;

/**
 * Stores a version under the next number of its name. The same definition again, under any name, is the version that is
 * already there.
 */
export async function insertScorer(
  db: Knex,
  scorer: Omit<RegisteredScorer, 'version'> & {
    readonly file: string | null;
    readonly registeredBy: string;
    readonly createdAt: Date;
  },
): Promise<StoredScorer> {
  const { name, hash, definition, file, registeredBy, createdAt } = scorer;
  // Two writers of one name would take the same number; the second waits here and sees the first's row.
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`scorer:${name}`]);
  await db.raw(
    `insert into scorers (hash, name, version, definition, file, registered_by, created_at)
     select ?, ?, coalesce(max(version), 0) + 1, ?::json, ?, ?, ? from scorers where name = ?
     on conflict (hash) do nothing`,
    [hash, name, JSON.stringify(definition), file, registeredBy, createdAt, name],
  );
  const [stored] = await selectScorers(db, [hash]);
  if (!stored) throw new Error(`scorer ${hash} vanished while it was being stored`);
  return stored;
}

/** By name and version; all, unless hashes are given. */
export async function selectScorers(db: Knex, hashes?: readonly string[]): Promise<StoredScorer[]> {
  const query = db<Row>('scorers')
    .select(...columns)
    .orderBy('name')
    .orderBy('version');
  return (await (hashes ? query.whereIn('hash', hashes) : query)).map(toScorer);
}

/** @param reference `name@version`. */
export async function selectScorer(db: Knex, reference: string): Promise<StoredScorer | undefined> {
  const [, name, version] = /^(.+)@([1-9]\d{0,8})$/.exec(reference) ?? [];
  if (name === undefined) return undefined;
  const row = await db<Row>('scorers')
    .select(...columns)
    .where({ name, version: Number(version) })
    .first();
  return row && toScorer(row);
}

export async function insertScorerFile(
  db: Knex,
  file: { readonly hash: string; readonly content: Uint8Array; readonly createdAt: Date },
): Promise<void> {
  await db('scorer_files')
    .insert({ hash: file.hash, content: Buffer.from(file.content), created_at: file.createdAt })
    .onConflict('hash')
    .ignore();
}

export async function selectScorerFile(db: Knex, hash: string): Promise<Uint8Array | undefined> {
  const row = await db<{ hash: string; content: Buffer }>('scorer_files').where({ hash }).first('content');
  return row?.content;
}

function toScorer({ registered_by: registeredBy, created_at: createdAt, ...rest }: Row): StoredScorer {
  return { ...rest, registeredBy, createdAt: createdAt.toISOString() };
}

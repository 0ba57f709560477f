import type { Knex } from 'knex';

/** A text of the content library; never changes. */
export interface ContentVersion {
  readonly name: string;
  /** 1, 2, 3, … within a name. */
  readonly version: number;
  /** Of name, version and body: to go back to an earlier text is a new version. */
  readonly hash: string;
  readonly body: string;
  readonly createdAt: string;
}

interface Row {
  hash: string;
  name: string;
  version: number;
  body: string;
  created_at: Date;
}

/** Nobody else adds a version to this name before the transaction ends. @returns the newest one. */
export async function lockNewestContent(trx: Knex, name: string): Promise<ContentVersion | undefined> {
  await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [`content:${name}`]);
  const row = await trx<Row>('content_versions').where({ name }).orderBy('version', 'desc').first();
  return row && toVersion(row);
}

export async function insertContentVersion(
  trx: Knex,
  version: Omit<ContentVersion, 'createdAt'>,
  createdAt: Date,
): Promise<void> {
  await trx<Row>('content_versions').insert({ ...version, created_at: createdAt });
}

/** The newest version of each of these names. */
export async function selectNewestContents(db: Knex, names: readonly string[]): Promise<Map<string, number>> {
  const result = await db.raw<{ rows: { name: string; version: number }[] }>(
    'select name, max(version)::int as version from content_versions where name = any(?::text[]) group by name',
    [names as string[]],
  );
  return new Map(result.rows.map((row) => [row.name, row.version]));
}

/** Those of these versions that there are, as `name@version`, with their text. */
export async function selectContentBodies(
  db: Knex,
  references: readonly string[],
): Promise<Map<string, string>> {
  const result = await db.raw<{ rows: { reference: string; body: string }[] }>(
    `select name || '@' || version as reference, body from content_versions
     where name = any(?::text[]) and name || '@' || version = any(?::text[])`,
    [references.map((reference) => reference.replace(/@\d+$/, '')), references as string[]],
  );
  return new Map(result.rows.map((row) => [row.reference, row.body]));
}

/** All of them: by name, the newest version first. */
export async function selectContentVersions(db: Knex): Promise<ContentVersion[]> {
  const rows = await db<Row>('content_versions').orderBy('name').orderBy('version', 'desc');
  return rows.map(toVersion);
}

function toVersion({ created_at: createdAt, ...rest }: Row): ContentVersion {
  return { ...rest, createdAt: createdAt.toISOString() };
}

import type { Knex } from 'knex';
import type { CompiledTemplate, TemplateDefinition } from '../strategies/templates/template.js';

/** An immutable template; the hash of its definition is its identity. */
export interface TemplateVersion {
  readonly name: string;
  /** 1, 2, 3, … within a name. */
  readonly version: number;
  readonly hash: string;
  readonly definition: TemplateDefinition;
  readonly compiled: CompiledTemplate;
  readonly createdAt: string;
}

interface Row {
  hash: string;
  name: string;
  version: number;
  definition: TemplateDefinition;
  compiled: CompiledTemplate;
  created_at: Date;
}

/**
 * Stores a version under the next number of its name. The same definition again, under any name, is the version that is
 * there already.
 */
export async function insertTemplateVersion(
  trx: Knex,
  made: Omit<TemplateVersion, 'version' | 'createdAt'>,
  createdAt: Date,
): Promise<TemplateVersion> {
  const { hash, name, definition, compiled } = made;
  // Two writers of one name would take the same number; the second waits here and sees the first's row.
  await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [`template:${name}`]);
  await trx.raw(
    `insert into template_versions (hash, name, version, definition, compiled, created_at)
     select ?, ?, coalesce(max(version), 0) + 1, ?::json, ?::json, ? from template_versions where name = ?
     on conflict (hash) do nothing`,
    [hash, name, JSON.stringify(definition), JSON.stringify(compiled), createdAt, name],
  );
  const row = await trx<Row>('template_versions').where({ hash }).first();
  if (!row) throw new Error(`template version ${hash} vanished while it was being stored`);
  return toVersion(row);
}

/** @param reference `name@number` or `sha256:…`. */
export async function selectTemplateVersion(
  db: Knex,
  reference: string,
): Promise<TemplateVersion | undefined> {
  const named = /^(.+)@([1-9]\d{0,8})$/.exec(reference);
  const where = named ? { name: named[1], version: Number(named[2]) } : { hash: reference };
  const row = await db<Row>('template_versions').where(where).first();
  return row && toVersion(row);
}

/** By name, the newest version first; of one name, or all. */
export async function selectTemplateVersions(db: Knex, name?: string): Promise<TemplateVersion[]> {
  const query = db<Row>('template_versions').orderBy('name').orderBy('version', 'desc');
  const rows = await (name === undefined ? query : query.where({ name }));
  return rows.map(toVersion);
}

function toVersion({ created_at: createdAt, ...rest }: Row): TemplateVersion {
  return { ...rest, createdAt: createdAt.toISOString() };
}

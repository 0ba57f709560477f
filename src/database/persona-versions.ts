import type { Knex } from 'knex';
import type { PersonaModel } from '../profiles/personas/persona.js';

/** Personas as they were found, or with texts that somebody has rewritten since. Never changes. */
export interface PersonaVersion {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  /** ISO 8601: what was known before it was looked at. */
  readonly clock: string;
  readonly model: PersonaModel;
  readonly createdAt: string;
}

interface Row {
  hash: string;
  name: string;
  version: number;
  definition: Pick<PersonaVersion, 'clock' | 'model'>;
  created_at: Date;
}

/** The next version of its name. */
export async function insertPersonaVersion(
  trx: Knex,
  { name, hash, clock, model }: Omit<PersonaVersion, 'version' | 'createdAt'>,
  createdAt: Date,
): Promise<PersonaVersion> {
  await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [`personas:${name}`]);
  await trx.raw(
    `insert into persona_versions (hash, name, version, definition, created_at)
     select ?, ?, coalesce(max(version), 0) + 1, ?::json, ? from persona_versions where name = ?
     on conflict (hash) do nothing`,
    [hash, name, JSON.stringify({ clock, model }), createdAt, name],
  );
  const row = await trx<Row>('persona_versions').where({ hash }).first();
  if (!row) throw new Error(`personas ${name} vanished while they were being stored`);
  return toVersion(row);
}

/** The newest version of one name. */
export async function selectPersonas(db: Knex, name: string): Promise<PersonaVersion | undefined> {
  const row = await db<Row>('persona_versions').where({ name }).orderBy('version', 'desc').first();
  return row && toVersion(row);
}

/** The newest version of each name, by name. */
export async function selectNewestPersonas(db: Knex): Promise<PersonaVersion[]> {
  const result = await db.raw<{ rows: Row[] }>(
    'select distinct on (name) * from persona_versions order by name, version desc',
  );
  return result.rows.map(toVersion);
}

function toVersion({ hash, name, version, definition, created_at: createdAt }: Row): PersonaVersion {
  return { name, version, hash, ...definition, createdAt: createdAt.toISOString() };
}

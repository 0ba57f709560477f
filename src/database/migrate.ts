import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { packageRoot } from '../package-root.js';

export type MigrationOptions = { folder?: string };

const FILE_NAME = /^\d{4}_[a-z0-9_-]+\.sql$/;
// Any fixed number; it must only differ from other advisory locks on the same database.
const ADVISORY_LOCK = 7_706_173_001;

/**
 * Brings the tables up to date and returns the names of the migrations it ran. Everything happens in one transaction
 * under an advisory lock: two instances may start at once, and a crash half-way leaves nothing behind.
 */
export async function migrateDatabase(db: Knex, options: MigrationOptions = {}): Promise<string[]> {
  const folder = options.folder ?? migrationsFolder();
  const names = migrationNames(folder);
  return db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    await refuseNewerDatabase(trx, names);
    const [, ran] = (await trx.migrate.latest({ migrationSource: sqlFiles(folder, names) })) as [
      number,
      string[],
    ];
    return ran;
  });
}

export function migrationsFolder(): string {
  return join(packageRoot(), 'migrations');
}

/** The migration files in the order in which they run. */
export function migrationNames(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  const misnamed = files.find((file) => !FILE_NAME.test(file));
  if (misnamed !== undefined) {
    throw new Error(`The migration ${misnamed} must be named like 0001_create_experiments.sql.`);
  }
  const sorted = files.sort();
  const twin = sorted.find((file, i) => file.slice(0, 4) === sorted[i - 1]?.slice(0, 4));
  if (twin !== undefined)
    throw new Error(`Two migrations have the number ${twin.slice(0, 4)}; renumber ${twin}.`);
  return sorted;
}

async function refuseNewerDatabase(trx: Knex.Transaction, known: string[]): Promise<void> {
  if (!(await trx.schema.hasTable('knex_migrations'))) return;
  const done = await trx<{ name: string }>('knex_migrations').orderBy('name').pluck<string[]>('name');
  const unknown = done.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new Error(
    `The database is newer than this version of Postulate: it has the migration ${unknown.join(', ')}, which this version ` +
      'does not know. Start the version that made it, or restore a backup from before the upgrade.',
  );
}

function sqlFiles(folder: string, names: string[]): Knex.MigrationSource<string> {
  return {
    getMigrations: () => Promise.resolve(names),
    getMigrationName: (name) => name,
    getMigration: (name) =>
      Promise.resolve({
        up: (trx: Knex) => runScript(trx, name, readFileSync(join(folder, name), 'utf8')),
        down: () => Promise.reject(new Error(`${name} cannot be undone; restore a backup instead.`)),
      }),
  };
}

async function runScript(trx: Knex, name: string, sql: string): Promise<void> {
  // knex would read a question mark as a binding; "\?" stands for a plain one.
  if (sql.includes('\\?'))
    throw new Error(`The migration ${name} contains "\\?", which knex cannot pass on.`);
  try {
    await trx.raw(sql.replaceAll('?', '\\?'));
  } catch (error) {
    throw new Error(`The migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import knex, { type Knex } from 'knex';
import { migrateDatabase } from '../../src/database/migrate.js';
import { openDatabase, type Database, type Db } from '../../src/database/open.js';
import { embeddedDataDir } from './embedded-folder.js';
import { testLog } from './log.js';
import { templateVersion } from './template-version.js';

/*
 * Only here do tests learn on which database they run: the run on a server leaves out the files that cannot know
 * (`files-of-run.ts`).
 */
export const testsRunOnPostgres = process.env['POSTULATE_TEST_DATABASE'] === 'postgres';
export const testServerUrl =
  process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const TEMPLATE_LOCK = 7_706_173_002;

/**
 * A migrated, empty database of the caller's own; `close()` also removes it. Each is a copy of a template that is made
 * once for every state of the migration files.
 */
export async function openTestDatabase(): Promise<Database> {
  return testsRunOnPostgres ? openOnServer() : openEmbeddedCopy();
}

/**
 * Empties all tables but those that remember the migrations, and starts their sequences again. It deletes, because to
 * truncate makes new files for every table and index, which takes 20 times as long for the few rows of a test.
 */
export async function emptyTables(db: Db): Promise<void> {
  await db.raw(`do $$
    declare target record;
    begin
      set local session_replication_role = replica;
      for target in select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname = current_schema() and tablename not in ('knex_migrations', 'knex_migrations_lock')
      loop execute 'delete from ' || target.name; end loop;
      for target in select format('%I.%I', schemaname, sequencename)::regclass as name, start_value from pg_sequences
        where schemaname = current_schema() and sequencename not like 'knex_migrations%'
      loop perform setval(target.name, target.start_value, false); end loop;
    end $$`);
}

async function openEmbeddedCopy(): Promise<Database> {
  const dataDir = await embeddedDataDir();
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, testLog, { durable: false });
  const close = async (): Promise<void> => {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...database, close };
}

async function openOnServer(): Promise<Database> {
  const name = `postulate_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(async (admin) => {
    const template = await serverTemplate(admin);
    await admin.raw('create database ?? template ??', [name, template]);
  });
  const database = await openDatabase({ databaseUrl: urlOf(name), dataDir: '' }, testLog);
  const close = async (): Promise<void> => {
    await database.close();
    await onServer((admin) => admin.raw('drop database ?? with (force)', [name]));
  };
  return { ...database, close };
}

/** Made under another name and renamed, so that a half-made one is never used; an advisory lock lets one process do it. */
async function serverTemplate(admin: Knex): Promise<string> {
  const name = `postulate_template_${templateVersion()}`;
  const exists = async (): Promise<boolean> =>
    (await admin('pg_database').where({ datname: name }).first('datname')) !== undefined;
  if (await exists()) return name;
  await admin.raw('select pg_advisory_lock(?)', [TEMPLATE_LOCK]);
  if (await exists()) return name;
  const draft = `${name}_draft`;
  await admin.raw('drop database if exists ??', [draft]);
  await admin.raw('create database ??', [draft]);
  const database = await openDatabase({ databaseUrl: urlOf(draft), dataDir: '' }, testLog);
  await migrateDatabase(database.knex);
  await database.close();
  await admin.raw('alter database ?? rename to ??', [draft, name]);
  return name;
}

/** One connection to the server's own database; closing it also gives back its advisory lock. */
async function onServer<T>(work: (admin: Knex) => Promise<T>): Promise<T> {
  const admin = knex({ client: 'pg', connection: testServerUrl, pool: { min: 1, max: 1 } });
  try {
    return await work(admin);
  } finally {
    await admin.destroy();
  }
}

function urlOf(database: string): string {
  const url = new URL(testServerUrl);
  url.pathname = `/${database}`;
  return url.href;
}

import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import knex, { type Knex } from 'knex';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrateDatabase, migrationNames } from '../../src/database/migrate.js';
import type { Database } from '../../src/database/open.js';
import { packageRoot } from '../../src/package-root.js';
import { openTestDatabase, testServerUrl, testsRunOnPostgres } from '../support/database.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postulate-migrations-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, sql: string): void => writeFileSync(join(folder, name), sql);

describe('migrating', () => {
  let database: Database;
  let db: Knex;
  beforeAll(async () => {
    database = await openTestDatabase();
    db = database.knex;
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    // A schema of its own for every test, as if the database were new.
    await db.raw('drop schema if exists fresh cascade; create schema fresh; set search_path to fresh');
  });

  const tables = async (): Promise<string[]> =>
    db('pg_tables').where({ schemaname: 'fresh' }).orderBy('tablename').pluck<string[]>('tablename');

  test('runs files in order, once, several statements each, question marks untouched', async () => {
    write('0002_fill.sql', `insert into a (data) values ('{"why?": 1}'); -- is it?`);
    write('0001_create.sql', "create table a (data jsonb);\ncreate index on a ((data ? 'why?'));");
    write('README.md', 'not a migration');
    expect(await migrateDatabase(db, { folder })).toEqual(['0001_create.sql', '0002_fill.sql']);
    expect(await migrateDatabase(db, { folder })).toEqual([]);
    expect(await db('a')).toEqual([{ data: { 'why?': 1 } }]);
    write('0003_more.sql', 'create table b (id int)');
    expect(await migrateDatabase(db, { folder })).toEqual(['0003_more.sql']);
  });

  test('leaves nothing behind when a file fails, and says which', async () => {
    write('0001_create.sql', 'create table a (id int)');
    write('0002_wrong.sql', 'create table b (id int); select nonsense');
    await expect(migrateDatabase(db, { folder })).rejects.toThrow(/0002_wrong\.sql failed: .*nonsense/);
    expect(await tables()).toEqual([]);
  });

  test('refuses a database that is newer than the code', async () => {
    write('0001_create.sql', 'create table a (id int)');
    write('0002_later.sql', 'create table b (id int)');
    await migrateDatabase(db, { folder });
    rmSync(join(folder, '0002_later.sql'));
    await expect(migrateDatabase(db, { folder })).rejects.toThrow(
      /The database is newer than this version of Postulate: it has the migration 0002_later\.sql, which this version does not know\./,
    );
  });
});

describe('migration files', () => {
  test('must be numbered', () => {
    write('create.sql', '');
    expect(() => migrationNames(folder)).toThrow(
      /create\.sql must be named like 0001_create_experiments\.sql/,
    );
  });

  test('must have different numbers', () => {
    write('0001_a.sql', '');
    write('0001_b.sql', '');
    expect(() => migrationNames(folder)).toThrow(/Two migrations have the number 0001; renumber 0001_b\.sql/);
  });
});

describe('several instances that start at once on one server', () => {
  let reachable = false;
  beforeAll(async () => {
    const admin = knex({ client: 'pg', connection: testServerUrl });
    reachable = await admin.raw('select 1').then(
      () => true,
      () => false,
    );
    await admin.destroy();
  });

  test('migrate it exactly once', async ({ skip }) => {
    if (!reachable && !testsRunOnPostgres) {
      const reason = 'no PostgreSQL server at TEST_DATABASE_URL';
      console.warn(`Skipped the test of concurrent migrations: ${reason}.`);
      skip(reason);
    }
    write('0001_create.sql', 'create table a (id int); select pg_sleep(0.2)');
    write('0002_fill.sql', 'insert into a values (1)');
    const name = `postulate_test_${randomUUID().replaceAll('-', '')}`;
    const admin = knex({ client: 'pg', connection: testServerUrl });
    await admin.raw('create database ??', [name]);
    const url = new URL(testServerUrl);
    url.pathname = name;
    const instances = Array.from({ length: 4 }, () => knex({ client: 'pg', connection: url.href }));
    try {
      const ran = await Promise.all(instances.map((instance) => migrateDatabase(instance, { folder })));
      expect(ran.flat()).toEqual(['0001_create.sql', '0002_fill.sql']);
      expect(await instances[0]!('a')).toEqual([{ id: 1 }]);
    } finally {
      await Promise.all(instances.map((instance) => instance.destroy()));
      await admin.raw('drop database ?? with (force)', [name]);
      await admin.destroy();
    }
  });
});

test('the package root is found from the sources', () => {
  expect(existsSync(join(packageRoot(), 'package.json'))).toBe(true);
  expect(fileURLToPath(import.meta.url).startsWith(packageRoot())).toBe(true);
  expect(packageRoot(join(packageRoot(), 'dist', 'src', 'package-root.js'))).toBe(packageRoot());
  expect(() => packageRoot('/a/b.js')).toThrow(/No package\.json/);
});

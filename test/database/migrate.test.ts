import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import knex, { type Knex } from 'knex';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrateDatabase, migrationNames, migrationsFolder } from '../../src/database/migrate.js';
import type { Database } from '../../src/database/open.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { runRefills } from '../../src/flows/refill.js';
import { packageRoot } from '../../src/package-root.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase, testServerUrl, testsRunOnPostgres } from '../support/database.js';
import { feedExperiment } from '../support/feed-experiment.js';

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

describe('a database of the time before events had facts', () => {
  let database: Database;
  let db: Knex;
  beforeAll(async () => {
    database = await openTestDatabase();
    db = database.knex;
    // A schema that is new: the database is a copy of one that has all migrations.
    await db.raw('drop schema public cascade; create schema public');
  });
  afterAll(() => database.close());

  /** Rows as the first version of the service wrote them. */
  async function writeOldRows(): Promise<void> {
    const { metrics, cohorts, ...rest } = feedExperiment('old');
    // Metrics were declared in fewer words then.
    const oldMetrics = metrics.map(({ count: _, from: __, ...metric }) => metric);
    const definition = (key: string) => JSON.stringify({ ...rest, key, cohorts, metrics: oldMetrics });
    const times = { created_at: '2026-02-28T00:00:00Z', started_at: '2026-03-01T00:00:00Z' };
    await db('experiments').insert([
      { key: 'old', status: 'running', definition: definition('old'), ...times },
      { key: 'idle', status: 'draft', definition: definition('idle'), created_at: times.created_at },
    ]);
    await db('contents').insert({ hash: 'h', slots: '{}' });
    for (const [i, name] of ['ann', 'bob', 'cem'].entries()) {
      const recipient_key = ctx.pseudonyms.recipientKey(name);
      const owner = { experiment: 'old', recipient_key };
      await db('identities').insert({ recipient_key, recipient_id: name });
      const message_id = ctx.pseudonyms.messageId('old', recipient_key);
      const drawn = {
        arm: i % 2,
        fold: i,
        allocation_version: 1,
        cohorts: '{"country":"DE"}',
        enrolled_at: '2026-03-01T09:00:00Z',
      };
      await db('enrolments').insert({ ...owner, message_id, ...drawn });
      await db('decisions').insert({
        ...owner,
        delivered: 'strategy',
        content_hash: 'h',
        reason: '',
        probability: 1,
      });
      await db('messages').insert({ ...owner, sent_at: '2026-03-02T09:00:00Z' });
      await db('outcomes').insert({ ...owner, outcomes: '{"clicked":"1"}' });
      const event = { ...owner, received_at: '2026-03-03T00:00:00Z' };
      await db('events').insert([
        { ...event, id: `sent-${name}`, type: 'sent', at: '2026-03-02T09:00:00Z' },
        {
          ...event,
          id: `click-${name}`,
          type: 'clicked',
          class: i === 2 ? 'scanner' : 'human',
          at: '2026-03-02T10:00:00Z',
          url: 'https://shop.example/',
        },
      ]);
      if (i > 0) continue;
      await db('events').insert({
        ...event,
        id: 'order',
        type: 'converted',
        at: '2026-03-15T10:00:00Z',
        value: 1999,
      });
      await db('events').insert({
        ...event,
        id: 'late',
        type: 'converted',
        at: '2026-03-16T09:00:00Z',
        value: 5,
      });
    }
    const cell = {
      experiment: 'old',
      metric: 'clicked',
      arm: 0,
      allocation_version: 1,
      cohort: '',
      cohort_value: '',
      fold: 0,
    };
    await db('cells').insert({
      ...cell,
      day: '2026-03-01',
      n: 1,
      non_zero: 1,
      sum: 1,
      sum_squares: 1,
      sum_cubes: 1,
    });
  }

  let ctx: TestContext;

  test('keeps its enrolments and events, and makes facts and cells of them by a refill', async () => {
    ctx = testContext(db, '2026-04-01T00:00:00Z');
    for (const name of migrationNames(migrationsFolder()).slice(0, 2)) {
      write(name, readFileSync(join(migrationsFolder(), name), 'utf8'));
    }
    await migrateDatabase(db, { folder });
    await writeOldRows();
    const [first] = await migrateDatabase(db);
    expect(first).toBe('0003_events_facts_cells.sql');

    const messages = await db('messages')
      .join('enrolments', 'enrolments.id', 'messages.enrolment')
      .select('messages.message_id', 'enrolments.message_id as first', 'wave');
    expect(messages).toHaveLength(3);
    for (const message of messages as { message_id: string; first: string; wave: string }[]) {
      expect(message).toMatchObject({ message_id: message.first, wave: '' });
    }
    expect(await db('events').count('* as n')).toEqual([{ n: '8' }]);
    expect(
      await db('events').where({ id: 'order' }).select('value', 'currency', 'source', 'recipient_key'),
    ).toEqual([{ value: '1999', currency: 'EUR', source: 'api', recipient_key: null }]);
    expect(await db('events').where({ id: 'click-ann' }).select('class', 'url', 'value', 'currency')).toEqual(
      [{ class: 'human', url: 'https://shop.example/', value: null, currency: null }],
    );
    const open = await db('refills')
      .whereNull('finished_at')
      .orderBy('id')
      .select('id', 'reason', 'addition');
    expect(open).toEqual([
      { id: 'upgrade-0003-idle', reason: 'upgrade', addition: null },
      { id: 'upgrade-0003-old', reason: 'upgrade', addition: null },
    ]);

    // What comes in before the refill is done is not lost either.
    const bob = { experiment: 'old', recipient: 'bob', at: '2026-03-02T11:00:00Z' };
    expect(
      await recordEvents(ctx, [
        { id: 'new', type: 'purchase', ...bob, value: '1', currency: 'EUR' },
        { id: 'order', type: 'sent', ...bob },
      ]),
    ).toMatchObject([{ status: 'recorded' }, { status: 'duplicate' }]);
    expect(
      (await runRefills(ctx)).map(({ experiment, recipients, error }) => [experiment, recipients, error]),
    ).toEqual([
      ['idle', 0, undefined],
      ['old', 3, undefined],
    ]);
    const sums = await db('cells')
      .where({ experiment: 'old', cohort: '' })
      .groupBy('metric')
      .orderBy('metric')
      .select('metric')
      .sum({ n: 'n', sum: 'sum' });
    expect(sums).toEqual([
      { metric: '@clicked', n: '3', sum: '3' },
      { metric: '@converted', n: '3', sum: '2' },
      { metric: '@delivered', n: '3', sum: '3' },
      { metric: '@opened', n: '3', sum: '3' },
      { metric: '@sent', n: '3', sum: '3' },
      { metric: 'clicked', n: '3', sum: '2' },
      { metric: 'revenue', n: '3', sum: '2099' },
    ]);
    expect(await db('send_days').pluck('last_sent_at')).toEqual([new Date('2026-03-02T09:00:00Z')]);
    for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
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

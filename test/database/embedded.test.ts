import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import knex from 'knex';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startEmbedded, type EmbeddedServer } from '../../src/database/embedded.js';
import {
  isDatabaseUnavailable,
  openDatabase,
  type Database,
  type DatabaseLog,
} from '../../src/database/open.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { testLog } from '../support/log.js';

const writer = fileURLToPath(new URL('./child-write-rows.ts', import.meta.url));
const silent: DatabaseLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

let dataDir: string;
beforeEach(async () => {
  dataDir = await embeddedDataDir();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const open = (log = testLog, acquireTimeoutMs = 60_000) =>
  openDatabase({ databaseUrl: undefined, dataDir }, log, { acquireTimeoutMs });

const connect = ({ host, port }: EmbeddedServer) =>
  knex({
    client: 'pg',
    connection: { host, port, user: 'postgres', database: 'postgres' },
    pool: { min: 0, max: 1 },
    log: { warn: () => undefined },
  });

type Rows<T> = { rows: T[] };

describe('the embedded database', () => {
  test('keeps every acknowledged row when its process is killed', { timeout: 120_000 }, async () => {
    const child = spawn('node', ['--import', 'tsx', writer, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout);
    let acknowledged = 0;
    lines.on('line', (line) => {
      acknowledged = Number(line);
      if (acknowledged === 200) child.kill('SIGKILL');
    });
    await Promise.all([once(child, 'exit'), once(lines, 'close')]);
    expect(acknowledged).toBeGreaterThanOrEqual(200);

    const database = await open();
    const { rows } = await database.knex.raw<Rows<{ n: number; last: number }>>(
      'select count(*)::int as n, max(id) as last from written',
    );
    // One more may have been committed without its acknowledgement having been read.
    expect(rows[0]!.n).toBe(rows[0]!.last);
    expect(rows[0]!.n).toBeGreaterThanOrEqual(acknowledged);
    await database.close();
  });

  test(
    'makes a new database again when its process was killed while making it',
    { timeout: 120_000 },
    async () => {
      rmSync(join(dataDir, 'database'), { recursive: true });
      const child = spawn('node', ['--import', 'tsx', writer, dataDir], { stdio: 'ignore' });
      await expect
        .poll(() => existsSync(join(dataDir, 'database', 'PG_VERSION')), { timeout: 60_000 })
        .toBe(true);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(existsSync(join(dataDir, 'database.unfinished'))).toBe(true);
      const database = await open();
      await database.knex.raw('create table written (id int)');
      expect(existsSync(join(dataDir, 'database.unfinished'))).toBe(false);
      await database.close();
    },
  );

  test('refuses a second opening of its folder, and allows it after closing', async () => {
    const database = await open();
    await expect(open()).rejects.toThrow(/is in use by this process itself/);
    await database.close();
    await database.close();
    const again = await open();
    await again.knex.raw('select 1');
    await again.close();
  });

  test('says that it is unavailable when a query cannot get the connection', async () => {
    const database = await open(silent, 2000);
    const stuck = database.knex.transaction(async (trx) => {
      await trx.raw('select 1');
      await database.knex.raw('select 2');
    });
    await expect(stuck).rejects.toMatchObject({ kind: 'unavailable', code: 'database_unavailable' });
    await expect(stuck).rejects.toThrow(/no connection became free in time/);
    await database.knex.raw('select 3');
    await database.close();
  });

  test('rejects queries, and does not hang, once its thread has died', async () => {
    const problems: string[] = [];
    const error = (_fields: object, message: string) => problems.push(message);
    const database = await open({ ...silent, error });
    await database.knex.raw('create table t (id int)');
    const running = database.knex.raw('select sum(sqrt(i)) from generate_series(1, 300000000) as i');
    await sleep(50);
    rmSync(join(dataDir, 'postulate.lock')); // What it takes for the thread to be stopped from outside.
    await expect(running).rejects.toSatisfy(isDatabaseUnavailable);
    await expect(database.knex.raw('select 1')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(database.knex.raw('select 1')).rejects.toThrow(/has stopped; restart Postulate/);
    expect(problems).toContain('The embedded database has stopped; restart Postulate.');
    await database.close();
  });

  test('says why it cannot start', async () => {
    writeFileSync(join(dataDir, 'file'), 'not a folder');
    await expect(startEmbedded({ folder: join(dataDir, 'file') })).rejects.toThrow(/EEXIST/);
    mkdirSync(join(dataDir, 'broken'));
    writeFileSync(join(dataDir, 'broken', 'PG_VERSION'), '9.1');
    await expect(startEmbedded({ folder: join(dataDir, 'broken') })).rejects.toThrow(/embedded database/);
  });
});

describe('in use, the embedded database', () => {
  let folder: string;
  let database: Database;
  beforeAll(async () => {
    folder = await embeddedDataDir();
    database = await openDatabase({ databaseUrl: undefined, dataDir: folder }, testLog);
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('forces commits to the disk', async () => {
    const { rows } = await database.knex.raw<Rows<{ name: string; setting: string }>>(
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'wal_sync_method', 'full_page_writes') order by name`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      wal_sync_method: 'fsync',
    });
  });

  test('leaves the event loop alive during a long query', async () => {
    await database.knex.raw('select 1');
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const start = performance.now();
    await database.knex.raw('select sum(sqrt(i)) from generate_series(1, 3000000) as i');
    const elapsed = performance.now() - start;
    clearInterval(timer);
    expect(elapsed).toBeGreaterThan(100);
    expect(ticks).toBeGreaterThan(elapsed / 10 / 3);
  });

  test('serves transactions that come together one after the other', async () => {
    await database.knex.raw('create table counter (n int); insert into counter values (0)');
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.knex.transaction(async (trx) => {
          const { rows } = await trx.raw<Rows<{ n: number }>>('select n from counter');
          await sleep(1);
          await trx.raw('update counter set n = ?', [rows[0]!.n + 1]);
        }),
      ),
    );
    expect(await database.knex('counter').first()).toEqual({ n: 20 });
  });

  test('takes large statements and gives large answers', async () => {
    const big = 'ü'.repeat(4_000_000);
    const { rows } = await database.knex.raw<Rows<{ big: string }>>('select ?::text as big', [big]);
    expect(rows[0]!.big === big).toBe(true);
  });

  test('goes on after errors, also inside a transaction', async () => {
    await expect(database.knex.raw('select 1/0')).rejects.toMatchObject({ code: '22012' });
    await expect(database.knex.transaction((trx) => trx.raw('select * from nowhere'))).rejects.toMatchObject({
      code: '42P01',
    });
    expect(await database.knex.select(database.knex.raw('1 as one'))).toEqual([{ one: 1 }]);
  });
});

test('where Unix sockets cannot be used, the loopback interface serves', async () => {
  const server = await startEmbedded({ folder: join(dataDir, 'database'), durable: false, socketBases: [] });
  expect(server.host).toBe('127.0.0.1');
  const db = connect(server);
  expect(await db.select(db.raw('1 as one'))).toEqual([{ one: 1 }]);
  await db.destroy();
  await server.close();
});

test('a connection that breaks is replaced, and its transaction rolled back', async () => {
  const server = await startEmbedded({ folder: join(dataDir, 'database'), durable: false });
  const db = connect(server);
  await db.raw('create table t (id int)');
  const broken = db.transaction(async (trx) => {
    await trx.raw('insert into t values (1)');
    const client = trx.client as {
      acquireConnection(): Promise<{ connection: { stream: { destroy(): void } } }>;
    };
    (await client.acquireConnection()).connection.stream.destroy();
    await trx.raw('insert into t values (2)');
  });
  await expect(broken).rejects.toThrow();
  expect(await db('t')).toEqual([]);
  await db.destroy();
  await server.close();
});

import { join, resolve } from 'node:path';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import type { Config } from '../config.js';
import { unavailable } from '../errors.js';
import { startEmbedded, type EmbeddedServer } from './embedded.js';
import { lockFolder } from './folder-lock.js';

/** What reading and writing functions take: the database itself or an open transaction. */
export type Db = Knex | Knex.Transaction;

export type Database = { knex: Knex; kind: 'embedded' | 'postgres'; close(): Promise<void> };

/** The part of a pino logger that the database needs. */
export type DatabaseLog = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;

export type OpenOptions = {
  /** How long a query may wait for a free connection before it is refused as unavailable. */
  acquireTimeoutMs?: number;
  /** False only for throw-away databases (tests): faster, but a power cut may lose commits. */
  durable?: boolean;
};

// All requests share the embedded database's one connection, so waiting in line is normal there.
const EMBEDDED_ACQUIRE_MS = 60_000;
const POSTGRES_ACQUIRE_MS = 15_000;
const UNAVAILABLE = 'database_unavailable';
const DISK_FULL = '53100';
const STOPPED = 'The embedded database has stopped; restart Postulate.';
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens the PostgreSQL of `DATABASE_URL`, or the embedded one in the data folder. */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: DatabaseLog,
  options: OpenOptions = {},
): Promise<Database> {
  return config.databaseUrl === undefined
    ? openEmbedded(resolve(config.dataDir), log, options)
    : openPostgres(config.databaseUrl, log, options);
}

async function openPostgres(url: string, log: DatabaseLog, options: OpenOptions): Promise<Database> {
  const db = knex({
    client: 'pg',
    connection: {
      connectionString: url,
      types,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'postulate',
    },
    pool: { min: 0, max: 10, afterCreate: useUtc },
    acquireConnectionTimeout: options.acquireTimeoutMs ?? POSTGRES_ACQUIRE_MS,
    log: knexLog(log),
  });
  refuseClearly(db, () => undefined);
  try {
    await db.raw('select 1');
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { knex: db, kind: 'postgres', close: onlyOnce(() => db.destroy()) };
}

async function openEmbedded(dataDir: string, log: DatabaseLog, options: OpenOptions): Promise<Database> {
  let server: EmbeddedServer | undefined;
  const lock = await lockFolder(dataDir, {
    onLost: () => server?.abort(new Error(`The lock of the data folder ${dataDir} was taken away.`)),
  });
  try {
    server = await startEmbedded({
      folder: join(dataDir, 'database'),
      durable: options.durable ?? true,
      onFailure: (error) => log.error({ err: error }, STOPPED),
    });
    const db = connectEmbedded(server, log, options);
    const stop = server.close;
    const close = async (): Promise<void> => {
      try {
        await db.destroy();
        await stop();
      } finally {
        lock.release();
      }
    };
    return { knex: db, kind: 'embedded', close: onlyOnce(close) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function connectEmbedded(server: EmbeddedServer, log: DatabaseLog, options: OpenOptions): Knex {
  const db = knex({
    client: 'pg',
    connection: { host: server.host, port: server.port, user: 'postgres', database: 'postgres', types },
    // PGlite has one session. With two connections the socket server would mix their half-sent statements.
    pool: { min: 1, max: 1, afterCreate: useUtc },
    acquireConnectionTimeout: options.acquireTimeoutMs ?? EMBEDDED_ACQUIRE_MS,
    log: knexLog(log),
  });
  refuseClearly(db, () => server.failure());
  // After a PANIC (a full disk, say) the engine answers nothing any more, so nobody shall wait for it.
  db.on('query-error', (error: { severity?: unknown }) => {
    if (error.severity === 'PANIC') server.abort(new Error('The database engine gave up.', { cause: error }));
  });
  return db;
}

/** The embedded database: whoever asks for a second connection inside a transaction waits for its end. */
export function hasOneConnection(db: Knex): boolean {
  return (db.client as { config: { pool?: { max?: number } } }).config.pool?.max === 1;
}

/** Makes every failure to get a connection an 'unavailable' error that says what happened. */
function refuseClearly(db: Knex, failure: () => Error | undefined): void {
  const client = db.client as { acquireConnection(): Promise<unknown> };
  const acquire = client.acquireConnection.bind(client);
  client.acquireConnection = async () => {
    const dead = failure();
    if (dead !== undefined) throw refusal(STOPPED, dead);
    try {
      return await acquire();
    } catch (error) {
      throw refusal(whyNoConnection(error), error);
    }
  };
}

function whyNoConnection(error: unknown): string {
  if (!(error instanceof Error)) return 'The database gives no connection.';
  return error.name === 'KnexTimeoutError'
    ? 'The database is busy: no connection became free in time. Try again; if it lasts, a query outside its transaction or a very long one holds them all.'
    : `The database cannot be reached: ${error.message || ((error as { code?: string }).code ?? 'no reason given')}`;
}

function refusal(message: string, cause: unknown): Error {
  return Object.assign(unavailable(UNAVAILABLE, message), { cause });
}

/** True for errors that say the database is out of reach, including a connection lost in the middle of a query. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') {
    return /Connection terminated|connection timeout|connection error and is not queryable/i.test(
      error.message,
    );
  }
  return code === UNAVAILABLE || /^(08...|57P0[1-3]|53300|ECONNRE(FUSED|SET)|EPIPE)$/.test(code);
}

/** True for errors that say that nothing more can be written because the disk of the database is full. */
export function isDatabaseFull(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === DISK_FULL;
}

type Parser = (text: string) => unknown;
const parserOf = pg.types.getTypeParser as (id: number, format?: string) => Parser;
const asText: Parser = (text) => text;
const NUMERIC_ARRAY = 1231;
const TEXT_ARRAY = 1009;
/** Exact numbers stay text (callers use BigInt) and a date has no time zone to be moved by. */
const ownParsers = new Map<number, Parser>([
  [pg.types.builtins.INT8, asText],
  [pg.types.builtins.NUMERIC, asText],
  [pg.types.builtins.DATE, asText],
  [NUMERIC_ARRAY, parserOf(TEXT_ARRAY)],
]);
const types = {
  getTypeParser: (id: number, format?: string): Parser =>
    (format === 'binary' ? undefined : ownParsers.get(id)) ?? parserOf(id, format),
} as Knex.PgConnectionConfig['types'];

function useUtc(connection: pg.Client, done: (error: Error | null, connection: pg.Client) => void): void {
  connection.query("set time zone 'UTC'", (error) => done(error, connection));
}

function knexLog(log: DatabaseLog): Knex.Logger {
  const warn = (message: unknown): void => log.warn({ knex: message }, 'The database driver warns.');
  return {
    warn,
    deprecate: warn,
    debug: () => undefined,
    error: (m: unknown) => log.error({ knex: m }, 'The database driver failed.'),
  };
}

function onlyOnce(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => (closed ??= close());
}

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../package-root.js';
import type { WorkerMessage, WorkerSettings } from './embedded-worker.js';
import { copyEmptyDatabase } from './empty-database.js';

export type EmbeddedServer = {
  /** What to give the pg driver as its host: a folder with a Unix socket, or the loopback address. */
  host: string;
  port: number;
  /** Set once the thread has died of itself; queries should then be refused with it. */
  failure: () => Error | undefined;
  close: () => Promise<void>;
  /** Stops at once, without tidying up, and fails all queries with this error. */
  abort: (reason: Error) => void;
};

export type EmbeddedOptions = {
  folder: string;
  durable?: boolean;
  /** Where the folder of the Unix socket may be made; with none of them usable, loopback TCP serves. */
  socketBases?: string[];
  /** Called once if the thread dies without having been told to. */
  onFailure?: (error: Error) => void;
};

// pg takes a host that starts with "/" as the folder of a socket with this name.
const SOCKET_PORT = 5432;
const LONGEST_SOCKET_PATH = 103; // 107 bytes on Linux, 103 on macOS.
const CLOSE_DEADLINE_MS = 20_000;

/** Starts PGlite in a thread of its own, so that a long query never stops the web server. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const settled = prepareFolder(options.folder);
  const socketFolder = privateSocketFolder(options.folder, options.socketBases ?? [tmpdir(), '/tmp']);
  const socketPath = socketFolder && join(socketFolder, `.s.PGSQL.${SOCKET_PORT}`);
  const worker = await startThread({ folder: options.folder, socketPath, durable: options.durable ?? true });
  const state = watch(worker, options.onFailure);
  const removeSocketFolder = (): void => {
    if (socketFolder !== undefined) rmSync(socketFolder, { recursive: true, force: true });
  };
  try {
    const port = await state.ready;
    settled();
    return {
      host: socketFolder ?? '127.0.0.1',
      port: port ?? SOCKET_PORT,
      failure: state.failure,
      close: async () => {
        await closeThread(worker, state);
        removeSocketFolder();
      },
      abort: (reason) => {
        state.fail(reason);
        void worker.terminate();
      },
    };
  } catch (error) {
    await worker.terminate();
    removeSocketFolder();
    throw error;
  }
}

/**
 * A process killed while PGlite makes a new database leaves a broken one behind. A mark beside the folder tells that it
 * was never finished and may be thrown away; the function returned removes the mark.
 */
function prepareFolder(folder: string): () => void {
  const mark = `${folder}.unfinished`;
  if (existsSync(mark)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(join(folder, 'PG_VERSION'))) return () => undefined;
  writeFileSync(mark, 'The database beside this file was not finished and will be made again.\n');
  copyEmptyDatabase(folder);
  return () => {
    rmSync(mark);
    // Should the mark come back after a power cut, it would cost a database in use.
    syncFolder(dirname(folder));
  };
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/**
 * A folder only this account may enter; undefined where Unix sockets are missing or its path would be too long. Its name
 * follows from the data folder, so that what a killed process left there is found and cleared by the next.
 */
function privateSocketFolder(dataFolder: string, bases: string[]): string | undefined {
  if (process.platform === 'win32') return undefined;
  const { dev, ino } = statSync(dataFolder);
  for (const base of new Set(bases)) {
    const folder = join(base, `postulate-socket-${dev.toString(36)}-${ino.toString(36)}`);
    const path = join(`${folder}-XXXXXX`, `.s.PGSQL.${SOCKET_PORT}`);
    if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) continue;
    try {
      return makePrivate(folder);
    } catch {
      continue;
    }
  }
  return undefined;
}

function makePrivate(folder: string): string {
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch {
    // Somebody else's folder of that name.
    return mkdtempSync(`${folder}-`);
  }
}

async function startThread(settings: WorkerSettings): Promise<Worker> {
  const compiled = new URL('./embedded-worker.js', import.meta.url);
  const file = import.meta.url.endsWith('.ts') ? await compileWorker() : compiled;
  return new Worker(file, { workerData: settings });
}

/**
 * Only when running from sources (tests, `npm run dev`): a Node 20 thread cannot load TypeScript. Registering tsx in the
 * thread works but costs 0.4 s a start, and a compiled copy in `dist` may be older than the sources. So the one file is
 * translated here, once per version of it, to a place from which it finds its packages.
 */
async function compileWorker(): Promise<URL> {
  const source = readFileSync(new URL('./embedded-worker.ts', import.meta.url), 'utf8');
  const version = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const cache = join(packageRoot(), 'node_modules', '.cache', 'postulate');
  const file = join(cache, `embedded-worker-${version}.mjs`);
  if (!existsSync(file)) {
    const { default: ts } = await import('typescript');
    const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
    const { outputText } = ts.transpileModule(source, { compilerOptions });
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, outputText);
    renameSync(`${file}.${process.pid}`, file);
  }
  return pathToFileURL(file);
}

type ThreadState = {
  ready: Promise<number | undefined>;
  failure: () => Error | undefined;
  closing: boolean;
  exited: Promise<void>;
  fail: (error: Error) => void;
};

function watch(worker: Worker, onFailure?: (error: Error) => void): ThreadState {
  const { promise: ready, resolve, reject } = deferred<number | undefined>();
  const { promise: exited, resolve: exit } = deferred<undefined>();
  let started = false;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    if (failure !== undefined) return;
    failure = error;
    reject(error);
    if (started) onFailure?.(error);
  };
  const state: ThreadState = { ready, failure: () => failure, closing: false, exited, fail };
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'ready') {
      started = true;
      resolve(message.port);
    } else fail(new Error(`The embedded database failed: ${message.reason}`));
  });
  worker.on('error', (error) =>
    fail(new Error('The thread of the embedded database failed.', { cause: error })),
  );
  worker.on('exit', (code) => {
    exit(undefined);
    if (!state.closing)
      fail(new Error(`The thread of the embedded database ended by itself with code ${code}.`));
  });
  return state;
}

async function closeThread(worker: Worker, state: ThreadState): Promise<void> {
  // A failure before this moment has been reported already.
  if (state.closing || state.failure() !== undefined) return state.exited;
  state.closing = true;
  worker.postMessage('close');
  const deadline = setTimeout(() => void worker.terminate(), CLOSE_DEADLINE_MS);
  await state.exited;
  clearTimeout(deadline);
  const failure = state.failure();
  if (failure !== undefined) throw failure;
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

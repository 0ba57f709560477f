/**
 * The thread in which the embedded database lives: PGlite on a folder, behind a socket that speaks PostgreSQL's
 * protocol. It imports packages only, never a file of this project, so that it loads the same way everywhere.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

export type WorkerSettings = {
  folder: string;
  /** A path for a Unix socket; undefined for a free port on the loopback interface. */
  socketPath: string | undefined;
  /** False only for throw-away databases: then a power cut, though not a crash, may lose commits. */
  durable: boolean;
};
export type WorkerMessage = { kind: 'ready'; port: number | undefined } | { kind: 'failed'; reason: string };

type NodeStream = { nfd?: number; node: unknown };
type NodeFileSystem = {
  stream_ops: { fsync?: (stream: NodeStream) => number };
  realPath(node: unknown): string;
};
type Module = { FS: { filesystems: { NODEFS: NodeFileSystem } } };

/**
 * PGlite's own folder file system silently ignores fsync and PGlite switches it off. Both are undone here, so that a
 * commit that was acknowledged is on the disk; it costs about 0.15 ms a commit.
 */
class DurableFolder extends NodeFS {
  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args);
    const giveFsync = (module: Module): void => {
      const files = module.FS.filesystems.NODEFS;
      files.stream_ops.fsync = (stream) => {
        if (stream.nfd === undefined) syncFolder(files.realPath(stream.node));
        else fdatasyncSync(stream.nfd);
        return 0;
      };
    };
    emscriptenOpts.preRun = [...(emscriptenOpts.preRun ?? []), giveFsync];
    return { emscriptenOpts };
  }
}

function syncFolder(path: string): void {
  // Windows cannot open folders; there the file system orders such changes itself.
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function pgliteOptions(settings: WorkerSettings): PGliteOptions {
  if (!settings.durable) return { dataDir: settings.folder };
  // The later "-c fsync=on" overrides PGlite's "-F". Only the method "fsync" reaches the file system's fsync.
  const durableParams = ['-c', 'fsync=on', '-c', 'wal_sync_method=fsync'];
  return {
    fs: new DurableFolder(settings.folder),
    startParams: [...PGlite.defaultStartParams, ...durableParams],
  };
}

/** Anything thrown here is the end of the engine (out of memory, a trap): SQL errors travel as protocol messages. */
function reportFatalErrors(db: PGlite): void {
  const run = db.execProtocolRawStream.bind(db);
  db.execProtocolRawStream = async (...args) => {
    try {
      await run(...args);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  parentPort?.postMessage({ kind: 'failed', reason } satisfies WorkerMessage);
  // The socket server would leave waiting queries unanswered; ending the thread closes its sockets.
  setTimeout(() => process.exit(1), 50);
}

async function serve(settings: WorkerSettings): Promise<void> {
  const db = await PGlite.create(pgliteOptions(settings));
  reportFatalErrors(db);
  const address =
    settings.socketPath === undefined ? { host: '127.0.0.1', port: 0 } : { path: settings.socketPath };
  // The pool holds one connection; the spare places let a new one in while a broken one is still being tidied away.
  const server = new PGLiteSocketServer({ db, maxConnections: 4, ...address });
  await server.start();
  parentPort?.on('message', (message) => {
    if (message === 'close') void close(server, db);
  });
  const port =
    settings.socketPath === undefined ? Number(server.getServerConn().split(':').at(-1)) : undefined;
  parentPort?.postMessage({ kind: 'ready', port } satisfies WorkerMessage);
}

async function close(server: PGLiteSocketServer, db: PGlite): Promise<void> {
  try {
    await server.stop();
    await db.close();
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}

if (parentPort !== null) serve(workerData as WorkerSettings).catch(fail);

import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const installed = '/usr/lib/postgresql';

/** A PostgreSQL server of a scenario's own, which may be killed without hurting anybody. */
export interface PostgresServer {
  readonly url: string;
  /** SIGKILL to the postmaster and all its backends at once. */
  killAll(): Promise<void>;
  start(): Promise<void>;
  isUp(): boolean;
  remove(): Promise<void>;
}

/** Where the programs of the newest installed version are; undefined where there are none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(installed)) return undefined;
  const versions = readdirSync(installed).sort((a, b) => Number(a) - Number(b));
  return versions
    .map((version) => join(installed, version, 'bin'))
    .findLast((bin) => existsSync(join(bin, 'initdb')));
}

/** Why no server can be started here; undefined: it can. */
export function whyNoServer(): string | undefined {
  if (process.platform !== 'linux') return 'killing a server is done by the process table of Linux';
  if (!postgresPrograms()) return 'no PostgreSQL is installed in /usr/lib/postgresql';
  return undefined;
}

export interface ServerOptions {
  /** Where to put the data; a folder is made in it. */
  readonly parent?: string;
  readonly initdb?: readonly string[];
  readonly settings?: readonly string[];
}

export async function startPostgres(options: ServerOptions = {}): Promise<PostgresServer> {
  const bin = postgresPrograms();
  if (bin === undefined) throw new Error(whyNoServer());
  const folder = mkdtempSync(join(options.parent ?? tmpdir(), 'postulate-soak-server-'));
  const data = join(folder, 'data');
  const port = await freePort();
  // PostgreSQL does not run as root.
  const isRoot = process.getuid?.() === 0;
  chmodSync(folder, 0o755);
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  const asOwner = async (program: string, ...args: string[]): Promise<void> => {
    const words = [join(bin, program), ...args];
    await run(
      isRoot ? 'runuser' : (words[0] ?? ''),
      isRoot ? ['-u', 'postgres', '--', ...words] : words.slice(1),
      { cwd: '/' },
    );
  };
  const own = [
    `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`,
    ...(options.settings ?? []).map((one) => `-c ${one}`),
  ];
  const start = (): Promise<void> =>
    asOwner('pg_ctl', '-D', data, '-w', '-t', '120', '-l', join(folder, 'log'), '-o', own.join(' '), 'start');
  const postmaster = (): number | undefined => {
    const file = join(data, 'postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  };
  const isUp = (): boolean => {
    const pid = postmaster();
    return pid !== undefined && existsSync(`/proc/${pid}`);
  };
  await asOwner('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', ...(options.initdb ?? []));
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start,
    isUp,
    killAll: async () => {
      const pid = postmaster();
      if (pid === undefined) return;
      const all = [pid, ...childrenOf(pid)];
      for (const one of all) killIfThere(one);
      while (all.some((one) => existsSync(`/proc/${one}`) && !isZombie(one))) await pause(5);
    },
    remove: async () => {
      if (isUp()) await asOwner('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Dead, and not yet collected by its parent. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === true;
  } catch {
    return true;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

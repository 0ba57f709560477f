import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const mostWaits = 200;
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
  chmodSync(folder, 0o755);
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  const server = new OwnServer(bin, folder, await freePort(), options);
  await server.init();
  await server.start();
  return server;
}

/** PostgreSQL does not run as root. */
const isRoot = process.getuid?.() === 0;

class OwnServer implements PostgresServer {
  readonly url: string;
  readonly #bin: string;
  readonly #folder: string;
  readonly #data: string;
  readonly #port: number;
  readonly #options: ServerOptions;

  constructor(bin: string, folder: string, port: number, options: ServerOptions) {
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    this.#bin = bin;
    this.#folder = folder;
    this.#data = join(folder, 'data');
    this.#port = port;
    this.#options = options;
  }

  async init(): Promise<void> {
    const { initdb = [] } = this.#options;
    await this.#run('initdb', '-D', this.#data, '-U', 'postgres', '-A', 'trust', ...initdb);
  }

  async start(): Promise<void> {
    const settings = [
      `-p ${this.#port} -k ${this.#folder} -c listen_addresses=127.0.0.1`,
      ...(this.#options.settings ?? []).map((one) => `-c ${one}`),
    ].join(' ');
    const log = join(this.#folder, 'log');
    await this.#run('pg_ctl', '-D', this.#data, '-w', '-t', '120', '-l', log, '-o', settings, 'start');
  }

  isUp(): boolean {
    const pid = this.#postmaster();
    return pid !== undefined && folderOf(String(pid)) === this.#data;
  }

  async killAll(): Promise<void> {
    const pid = this.#postmaster();
    // A backend that was just being started would be missed by a single look.
    for (let left = processesIn(this.#data); left.length > 0; left = processesIn(this.#data)) {
      for (const one of left) killIfThere(one);
      await pause(5);
    }
    if (pid === undefined) return;
    // Until somebody has collected the dead process, the next server takes the old one for alive.
    for (let waits = 0; existsSync(`/proc/${pid}`) && waits < mostWaits; waits += 1) await pause(50);
    rmSync(this.#pidFile(), { force: true });
    rmSync(join(this.#folder, `.s.PGSQL.${this.#port}.lock`), { force: true });
  }

  async remove(): Promise<void> {
    if (this.isUp()) await this.#run('pg_ctl', '-D', this.#data, '-m', 'immediate', '-w', 'stop');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #pidFile(): string {
    return join(this.#data, 'postmaster.pid');
  }

  #postmaster(): number | undefined {
    const file = this.#pidFile();
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  }

  /** As the owner of the data. */
  async #run(program: string, ...args: string[]): Promise<void> {
    const path = join(this.#bin, program);
    if (isRoot) await run('runuser', ['-u', 'postgres', '--', path, ...args], { cwd: '/' });
    else await run(path, args, { cwd: '/' });
  }
}

/** Every process of a server works in its data folder. */
function processesIn(data: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => folderOf(pid) === data).map(Number);
}

/** The dead have none. */
function folderOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
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

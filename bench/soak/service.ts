import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { packageRoot } from '../../src/package-root.js';
import { programFile } from '../../test/support/program.js';
import type { Store } from './store.js';

export interface Service {
  readonly url: string;
  readonly pid: number;
  /** What it has logged. */
  log(): string;
  /** Resident memory in megabytes. */
  memory(): number;
  hasEnded(): boolean;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

const startDeadlineMs = 120_000;
const mostLogged = 1_000_000;

function spawnNode(args: readonly string[], env: Store['env']): ChildProcess {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  return spawn(process.execPath, args, {
    cwd: packageRoot(),
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The service as a process of its own; resolves once it answers. */
export async function startService(store: Store): Promise<Service> {
  const settings = { PORT: '0', LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '10000000' };
  const child = spawnNode([programFile('main')], { ...settings, ...store.env });
  let printed = '';
  let logged = '';
  child.stderr?.on('data', (chunk: Buffer) => (logged = (logged + chunk.toString()).slice(-mostLogged)));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`The service ${why}: ${logged}`));
    const deadline = setTimeout(() => fail('did not start in time'), startDeadlineMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /Pages\s+(\S+)\/\n/.exec(printed)?.[1];
      if (found === undefined) return;
      clearTimeout(deadline);
      resolve(found);
    });
    void exited.then((code) => fail(`ended with ${code} before it was ready`));
  });
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    log: () => logged,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

export interface CliRun {
  readonly code: number | null;
  readonly output: string;
}

/** One command of the command line; `kill` ends it without warning. */
export function startCli(store: Store, args: readonly string[]): { done: Promise<CliRun>; kill(): void } {
  const child = spawnNode([programFile('cli'), ...args], { ...store.env });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    done: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))),
    kill: () => void child.kill('SIGKILL'),
  };
}

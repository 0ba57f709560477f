import { spawn, type ChildProcess } from 'node:child_process';
import { packageRoot } from '../../src/package-root.js';
import { programFile } from './program.js';

export interface ServiceProcess {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): { stdout: string; stderr: string };
  /** Resolves with the welcome once the service is ready; rejects if it ends before. */
  ready(): Promise<Welcomed>;
  /** Asks it to stop and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  exited: Promise<number | null>;
}

export interface Welcomed {
  readonly url: string;
  readonly signIn: string | undefined;
  readonly apiKey: string | undefined;
  readonly curl: string | undefined;
}

/** The real service as a process of its own. */
export function startService(env: Record<string, string>): ServiceProcess {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(process.execPath, [programFile('main')], {
    env: { PATH, HOME, TMPDIR, PORT: '0', ...env },
    cwd: packageRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    process: child,
    exited,
    output: () => ({ stdout, stderr }),
    ready: async () => {
      const isReady = (): boolean => stdout.includes('Postulate is ready') && stdout.endsWith('\n\n');
      while (!isReady()) {
        const ended = await Promise.race([exited.then(() => true), sleep(50).then(() => false)]);
        if (ended) throw new Error(`The service ended: ${stderr}`);
      }
      return welcomeOf(stdout);
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}

function welcomeOf(text: string): Welcomed {
  const find = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  return {
    url: find(/Pages\s+(\S+?)\/\n/) ?? '',
    signIn: find(/Sign in\s+(http\S+)/),
    apiKey: find(/API key\s+(\S+)/),
    curl: find(/(curl .*)\n/),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

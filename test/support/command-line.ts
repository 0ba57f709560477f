import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../../src/cli.js';

/** Runs one command line in this process, on the embedded database of a folder. @returns exit code and what was said. */
export async function runInFolder(dataDir: string, args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const code = await runCli(args, {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env: { POSTULATE_DATA_DIR: dataDir },
    now: () => new Date(),
    signal: new AbortController().signal,
  });
  return { code, ...texts };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedDemo } from '../src/flows/seed-demo.js';
import { asWritten, docBlocks } from './support/doc-blocks.js';
import { embeddedDataDir } from './support/embedded-folder.js';
import { programFile } from './support/program.js';
import { openServiceWith } from './support/service-in-folder.js';

/** The sessions of docs/models.md (the life of a model) and docs/off-policy.md: run on the demo shop, they print what is written. */

const root = resolve(import.meta.dirname, '..');
/** The order of recipients, and so the last digits of figures, is by the key. */
const POSTULATE_WORKSPACE_KEY = '5'.repeat(64);
let env: Record<string, string>;

beforeAll(async () => {
  const POSTULATE_DATA_DIR = await embeddedDataDir();
  env = { PATH: process.env['PATH'] ?? '', POSTULATE_DATA_DIR, POSTULATE_WORKSPACE_KEY };
  const service = await openServiceWith({ POSTULATE_DATA_DIR, POSTULATE_WORKSPACE_KEY });
  await seedDemo(service.ctx);
  await service.stopLearning();
  await service.close();
}, 60_000);
afterAll(() => rmSync(env['POSTULATE_DATA_DIR'] as string, { recursive: true, force: true }));

async function run(command: string): Promise<string> {
  const prelude = `set -euo pipefail\nnpx() { shift; node ${programFile('cli')} "$@"; }\n`;
  const child = spawn('bash', ['-c', prelude + command], { cwd: root, env });
  let printed = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code, complaints).toBe(0);
  return printed;
}

/** Each command with what is written below it. */
function sessionOf(code: string): { command: string; written: string }[] {
  return code
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.split('\n');
      return { command, written: lines.join('\n') };
    });
}

it.each([
  ['docs/models.md', 7],
  ['docs/off-policy.md', 0],
])(
  '%s goes as it is shown',
  async (page, least) => {
    const blocks = docBlocks(resolve(root, page)).filter(({ language }) => language === 'console');
    expect(blocks).toHaveLength(1);
    const steps = sessionOf(blocks[0]?.code ?? '');
    expect(steps.length).toBeGreaterThan(least);
    for (const { command, written } of steps) {
      const actual = await run(command);
      if (!asWritten(written, actual)) expect([command, actual]).toEqual([command, written]);
    }
  },
  120_000,
);

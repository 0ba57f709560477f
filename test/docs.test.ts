import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { campaignCsv } from '../seeds/campaign-file.js';
import { interactionsCsv, itemsCsv } from '../seeds/interactions-file.js';
import { propensityCsv } from '../seeds/propensity-file.js';
import { trialCsv } from '../seeds/trial-file.js';
import type { Database } from '../src/database/open.js';
import { createApiKey } from '../src/flows/access.js';
import { seedDemo } from '../src/flows/seed-demo.js';
import { createApp } from '../src/web/app.js';
import { openTestDatabase } from './support/database.js';
import { asWritten, type DocBlock, docBlocks } from './support/doc-blocks.js';
import { testContext } from './support/context.js';
import { programFile } from './support/program.js';

/** Examples in the documents are run, and their output compared with what stands below them. */

const root = resolve(import.meta.dirname, '..');
const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);

let database: Database;
let server: Server;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  database = await openTestDatabase();
  const ctx = testContext(database.knex);
  await seedDemo(ctx);
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', createApp({ ctx, settings: { publicUrl, rateLimitPerMinute: 60_000 } }));
  const { token } = await createApiKey(ctx, { name: 'documents', scopes: ['admin'] });
  env = { PATH: process.env['PATH'], POSTULATE: publicUrl, KEY: token };
});
afterAll(async () => {
  server.close();
  await database.close();
});

const blocksIn = (language: string): [string, DocBlock][] =>
  documents
    .flatMap((name) => docBlocks(join(root, name)).map((block): [string, DocBlock] => [name, block]))
    .filter(([, block]) => block.language === language && block.output !== undefined)
    .map(([name, block]) => [`${name}:${block.line}`, block]);

/** `npx postulate` of the sources as they are, so that no build is needed and none can be stale. */
const prelude = `set -euo pipefail
npx() { shift; node ${programFile('cli')} "$@"; }
`;

async function run(command: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, args, { cwd: root, env });
  let printed = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  expect(code, complaints).toBe(0);
  return printed;
}

function expectAsWritten(block: DocBlock, actual: string): void {
  if (!asWritten(block.output ?? '', actual)) expect(actual.trim()).toBe(block.output?.trim());
}

describe('the examples in the documents', () => {
  it.each(blocksIn('sh'))('%s runs in a shell as written', async (_, block) => {
    expectAsWritten(block, await run('bash', ['-c', prelude + block.code]));
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  if (!python) console.log('Python examples are skipped: there is no python3 on this machine.');
  it.skipIf(!python).each(blocksIn('python'))('%s runs in Python as written', async (_, block) => {
    expectAsWritten(block, await run('python3', ['-'], block.code));
  });

  it.each(blocksIn('sql'))('%s runs in SQL as written', async (_, block) => {
    const result = await database.knex.raw<{ rows: object[] }>(block.code.replaceAll('?', '\\?'));
    expectAsWritten(block, result.rows.map((row) => Object.values(row).join('|')).join('\n'));
  });

  it('have a campaign file that is the one the demo shop makes', () => {
    expect(readFileSync(join(root, 'docs/examples/campaign.csv'), 'utf8')).toBe(campaignCsv());
    expect(readFileSync(join(root, 'docs/examples/propensity.csv'), 'utf8')).toBe(propensityCsv());
    expect(readFileSync(join(root, 'docs/examples/interactions.csv'), 'utf8')).toBe(interactionsCsv());
    expect(readFileSync(join(root, 'docs/examples/items.csv'), 'utf8')).toBe(itemsCsv());
    expect(readFileSync(join(root, 'docs/examples/trial.csv'), 'utf8')).toBe(trialCsv());
  });
});

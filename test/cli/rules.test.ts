import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../../src/cli.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { registerSegment } from '../../src/flows/register-segment.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { openServiceWith } from '../support/service-in-folder.js';

/** `postulate rules` on files, and on an embedded database that no service holds. */

let dataDir: string;
const folder = mkdtempSync(join(tmpdir(), 'postulate-rules-'));

const offers = (bound: number) => ({
  ...{ kind: 'rules', owner: 'CRM', purpose: 'Offers', default: { subject: 'Hello' } },
  rules: [{ id: 'vip', when: { trait: 'orders', op: 'gte', value: bound }, slots: { subject: 'Best' } }],
  tests: [{ name: 'five', traits: { orders: 5 }, expect: { rule: 'vip' } }],
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const env = { POSTULATE_DATA_DIR: dataDir, USER: 'ana' };
  const signal = new AbortController().signal;
  const code = await runCli(['rules', ...args], { stdin: Readable.from([]), stdout, stderr, env, now: () => new Date('2026-03-01T12:00:00Z'), signal }); // prettier-ignore
  return { code, ...texts };
}

function openTestService() {
  return openServiceWith({ POSTULATE_DATA_DIR: dataDir });
}

beforeAll(async () => {
  dataDir = await embeddedDataDir();
  const service = await openTestService();
  for (const bound of [2, 4]) await registerStrategy(service.ctx, { name: 'offers', definition: offers(bound) }); // prettier-ignore
  await recordProfiles(service.ctx, Array.from({ length: 10 }, (_, i) => ({ recipient: `r${i}`, traits: { orders: i } }))); // prettier-ignore
  await service.close();
});
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

describe('postulate rules', () => {
  it('compares stored versions and a file over stored recipients', async () => {
    const diff = await run('diff', 'offers@1', 'offers@2');
    expect([diff.code, diff.err]).toEqual([0, '']);
    expect(diff.out).toContain('Dry run: 2 of 10 recipients change.\n  2 from rule vip to default\n');
    const path = file('more.json', JSON.stringify(offers(8)));
    expect((await run('diff', 'offers@2', path, '--recipients', '5')).out).toMatch(/of 5 recipients/);
    const json = JSON.parse((await run('diff', 'offers', path, '--json')).out) as { changed: object[] };
    expect(json.changed).toHaveLength(1);
  });

  it('activates, rolls back and retires, and says who did it', async () => {
    expect((await run('activate', 'offers@1')).out).toBe('offers: version 1 is active\n');
    expect((await run('activate', 'offers@1')).out).toBe('offers: version 1 is active, as before\n');
    await run('activate', 'offers@2', '--note', 'spring', '--by', 'Bea');
    expect((await run('rollback', 'offers')).out).toBe('offers: version 1 is active\n');
    expect((await run('list')).out).toMatch(/^offers +rules +active +1 +CRM +– +–$/m);
    expect((await run('retire', 'offers')).out).toBe('offers: no version is active\n');
    expect((await run('list', '--overdue')).out).toBe('None.\n');
    const service = await openTestService();
    const rows = await service.ctx.db<{ done_by: string }>('strategy_activations').orderBy('id');
    await service.close();
    expect(rows.map(({ done_by }) => done_by)).toEqual(['ana (command line)', 'Bea', ...Array<string>(2).fill('ana (command line)')]); // prettier-ignore
  });

  it('registers a file, and keeps nothing of one with mistakes', async () => {
    const good = file('registered.yaml', 'kind: static\nslots: { subject: From a file }\n');
    expect(await run('register', good, '--name', 'by-file')).toMatchObject({ code: 0, out: expect.stringMatching(/^by-file@1\nsha256:[0-9a-f]{64}\n$/), err: '' }); // prettier-ignore
    expect((await run('register', good, '--name', 'by-file')).out).toMatch(/^by-file@1\n/);
    const bad = file('bad.yaml', 'kind: static\nslots: { subject: 3 }\n');
    const refused = await run('register', bad, '--name', 'bad');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('line 2, column 19: slots.subject')]); // prettier-ignore
    const rival = { ...offers(3), rules: [offers(3).rules[0], { id: 'b', when: { trait: 'orders', op: 'gte', value: 9 }, slots: { subject: 'B' } }] }; // prettier-ignore
    const clash = await run('register', file('clash.json', JSON.stringify(rival)), '--name', 'bad');
    expect([clash.code, clash.err]).toEqual([1, expect.stringContaining('both match some recipients')]);
    expect((await run('show', 'bad')).code).toBe(1);
    for (const wrong of [[good], ['--name', 'x'], ['nothing', '--name', 'x'], [good, bad, '--name', 'x']])
      expect((await run('register', ...wrong)).code).toBe(2);
    expect((await run('register', good, '--name', 'No Name')).code).toBe(1);
  });

  it('lints and tests every example, clean but for the one that shows a conflict', async () => {
    const root = join(import.meta.dirname, '../../docs/examples');
    const examples = ['rules', 'strategies'].flatMap((one) => readdirSync(join(root, one)).map((name) => join(root, one, name))); // prettier-ignore
    expect(examples.length).toBeGreaterThan(10);
    const service = await openTestService();
    await registerSegment(
      service.ctx,
      parse(readFileSync(join(root, 'segments/high-spenders-eu.yaml'), 'utf8')),
    );
    await service.close();
    for (const path of examples) {
      const isConflict = path.endsWith('two-offers.yaml');
      // What names a segment needs the database to look it up.
      const stored = path.includes('high-spenders-eu') ? ['--stored'] : [];
      const lint = await run('lint', path, ...stored);
      expect([path, lint.code]).toEqual([path, isConflict ? 1 : 0]);
      expect(lint.out).toContain(isConflict ? ': 1 error, 0 warnings' : ': 0 errors, 0 warnings');
      expect([path, (await run('test', path, ...stored)).code]).toEqual([path, 0]);
    }
    expect((await run('lint')).code).toBe(2);
  });

  it('lints and tests what is stored, against who is stored', async () => {
    const lint = await run('lint', 'offers@2');
    expect([lint.code, lint.out]).toEqual([0, expect.stringMatching(/10 recipients stored, 1 test run\)\n$/)]); // prettier-ignore
    const unknown = { ...offers(3), default: { subject: { content: 'nothing' } } };
    const stored = await run('lint', file('unknown.json', JSON.stringify(unknown)), '--stored');
    expect(stored).toMatchObject({ code: 1, out: '' });
    expect(stored.err).toContain('default.subject.content: there is no content "nothing"');
    expect((await run('test', 'offers@2')).out).toContain('1 test, all passed');
    const failing = await run('test', file('failing.yaml', JSON.stringify(offers(6))));
    expect([failing.code, failing.out]).toEqual([1, expect.stringContaining('found 5')]);
  });

  const mistakes: [string[], number, RegExp][] = [
    [[], 2, /lint, test, show/],
    [['lnt'], 2, /Did you mean "lint"/],
    [['lint'], 2, /a file or name@version/],
    [['lint', 'a@1', 'b@1'], 2, /one only/],
    [['lint', 'a@1', '--recipients', 'many'], 2, /whole number/],
    [['lint', 'offers@9'], 1, /no strategy version "offers@9"/],
    [['show', 'nothing'], 1, /no strategy "nothing"/],
    [['show', 'nothing.yaml'], 1, /There is no file/],
    [['show', '/'], 1, /cannot be read/],
    [['diff', 'offers@1'], 2, /OLD and NEW/],
    [['activate', 'offers'], 2, /which version/],
    [['activate', 'offers@77'], 1, /no version 77/],
    [['rollback', 'offers@1'], 2, /--to 1/],
    [['rollback', 'offers', '--to', 'x'], 2, /number of a version/],
    [['retire', 'offers', '--to', '1'], 2, /Only a rollback/],
    [['list', 'offers'], 2, /options only/],
  ]; // prettier-ignore
  it.each(mistakes)('%j ends with %i and a sentence', async (args, code, sentence) => {
    const answer = await run(...args);
    expect(answer.err).toMatch(sentence);
    expect(answer).toMatchObject({ code, out: '' });
  });

  it('says line and column of what is wrong in a file, and refuses what is no text', async () => {
    const bad = await run('lint', file('bad.yaml', 'kind: rules\nrules:\n  - id: a\n    when: {trait: x, op: near}\n    slots: {s: x}\n')); // prettier-ignore
    expect([bad.code, bad.err]).toEqual([1, expect.stringMatching(/line 4, column \d+: rules\[0\]\.when/)]);
    writeFileSync(join(folder, 'binary.json'), Buffer.from([0xff, 0xfe, 0x00]));
    expect((await run('lint', join(folder, 'binary.json'))).err).toContain('not text in UTF-8');
  });
});

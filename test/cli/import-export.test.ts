import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli.js';
import { dataSchemaVersion } from '../../src/flows/data-schema.js';
import { enrol, startExample } from '../flows/campaign.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { openServiceWith } from '../support/service-in-folder.js';

/** `postulate import` and `postulate export` on an embedded database. */

let dataDir: string;
let folder: string;

async function run(args: readonly string[], stdin = '', signal = new AbortController().signal) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const env = { POSTULATE_DATA_DIR: dataDir };
  const io = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr,
    env,
    now: () => new Date(),
    signal,
  };
  const code = await runCli(args, io);
  return { code, ...texts };
}

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postulate-cli-'));
  dataDir = await embeddedDataDir();
  const service = await openServiceWith({ POSTULATE_DATA_DIR: dataDir });
  await enrol(service.ctx, await startExample(service.ctx), 5);
  await service.close();
});
afterAll(() => {
  rmSync(dataDir, { recursive: true });
  rmSync(folder, { recursive: true });
});

describe('postulate import', () => {
  const head = 'recipient,at,value,currency,order\n';
  const row = (order: string): string => `person-1@example.org,2026-03-02T10:00:00Z,5,EUR,${order}\n`;

  it('says what became of the rows and ends with 0 or 1', async () => {
    const good = fileOf('good.csv', head + row('o-1') + row('o-2') + row('o-2'));
    const first = await run(['import', 'conversions', good]);
    expect(first).toEqual({ code: 0, out: '3 rows: 2 recorded, 1 duplicate\n', err: '' });
    const again = await run(['import', 'conversions', good]);
    expect(again).toMatchObject({ code: 0, out: '3 rows: 2 recorded, 1 duplicate\n' });
    expect(again.err).toMatch(/read to its end before .* --again/);
    expect((await run(['import', 'conversions', good, '--again'])).out).toBe(
      '3 rows: 0 recorded, 3 duplicate\n',
    );
    const bad = fileOf('bad.csv', `${head}${row('o-3')}${row('')}person-2@example.org,soon,5,EUR,o-4\n`);
    const refused = await run(['import', 'conversions', bad]);
    expect(refused).toMatchObject({
      code: 1,
      out: `3 rows: 1 recorded, 2 refused (see ${bad}.refused.ndjson)\n`,
    });
    const rows = readFileSync(`${bad}.refused.ndjson`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(rows).toMatchObject([
      { line: 3, code: 'id_missing', path: 'id' },
      { line: 4, code: 'invalid_event', path: 'at' },
    ]);
  });

  it('makes ids of what stands in the row when asked, and reads standard input', async () => {
    const csv = head + row('') + row('').replace('5,', '6,') + row('');
    const args = ['import', 'conversions', '-', '--id-from-content', '--type', 'purchase'];
    expect(await run(args, csv)).toEqual({ code: 0, out: '3 rows: 2 recorded, 1 duplicate\n', err: '' });
    expect((await run(args, csv)).out).toBe('3 rows: 0 recorded, 3 duplicate\n');
    const events = (await run(['export', 'events'])).out;
    expect(events).toMatch(/\nrow:[\w-]{43},purchase,/);
    expect(events).not.toContain('person-1');
  });

  it('records the catalogue', async () => {
    const path = fileOf(
      'items.csv',
      'item,title,price,currency,priceTier,brand\nsku-1,Shoes,79.90,EUR,2,Nord\n,x,1,EUR,1,y\n',
    );
    expect((await run(['import', 'items', path, '--refused', join(folder, 'r.ndjson')])).out).toBe(
      `2 rows: 1 recorded, 1 refused (see ${join(folder, 'r.ndjson')})\n`,
    );
  });

  it('ends with 130 when it is interrupted, and goes on', async () => {
    const rows = Array.from(
      { length: 12_000 },
      (_, i) => `{"recipient":"p-${i}","traits":{"n":${i}}}\n`,
    ).join('');
    const path = fileOf('many.ndjson', rows);
    const controller = new AbortController();
    controller.abort();
    const first = await run(['import', 'profiles', path], '', controller.signal);
    expect(first.code).toBe(130);
    expect(first.err).toMatch(/the same command goes on from there/);
    const second = await run(['import', 'profiles', path]);
    expect(second).toMatchObject({ code: 0, out: '12,000 rows: 12,000 recorded\n' });
  });

  it.each([
    [['import'], 2, /what is in the file: events, conversions/],
    [['import', 'event', 'x'], 2, /Did you mean "events"/],
    [['import', 'events'], 2, /Name the file/],
    [['import', 'events', 'a', 'b'], 2, /one file/],
    [['import', 'events', 'a', '--type', 'purchase'], 2, /Only conversions/],
    [['import', 'conversions', 'a', '--type', 'view'], 2, /converted or purchase/],
    [['import', 'events', 'a', '--format', 'xml'], 2, /csv or ndjson/],
    [['import', 'events', 'a', '--delimiter', '""'], 2, /one character/],
    [['import', 'events', 'a', '--source', 'x'.repeat(101)], 2, /1 to 100/],
    [['import', 'events', '/nowhere/at/all'], 1, /no file "\/nowhere/],
    [['export'], 2, /which table/],
    [['export', 'cell'], 2, /Did you mean "cells"/],
    [['export', 'cells', '--format', 'xlsx'], 2, /csv, ndjson, parquet/],
    [['export', 'cells', '--format', 'parquet'], 2, /--out/],
    [['export', 'cells', '--from', 'monday'], 1, /from: must be a day/],
    [['export', 'events', '--from', '2026-03-01T10:00Z', '--out', '/tmp/'], 1, /whole day/],
    [['export', 'facts', '--experiment', 'nothing'], 1, /no experiment "nothing"/],
    [['export', 'facts', '--out', '/proc/nothing'], 1, /could not be written/],
  ] as const)('%j ends with %i and a sentence', async (args, code, sentence) => {
    const answer = await run(args);
    expect(answer.err).toMatch(sentence);
    expect(answer).toMatchObject({ code, out: '' });
  });
});

describe('postulate export', () => {
  it('writes to standard output, a file and a folder', async () => {
    const printed = await run(['export', 'assignments', '--format', 'ndjson']);
    expect(printed).toMatchObject({ code: 0, err: '' });
    expect(printed.out.trim().split('\n')).toHaveLength(5);
    const path = join(folder, 'assignments.ndjson');
    const written = await run(['export', 'assignments', '--format', 'ndjson', '--out', path]);
    expect(written).toEqual({ code: 0, out: `5 rows: ${path}\n`, err: '' });
    expect(readFileSync(path, 'utf8')).toBe(printed.out);
    const today = new Date().toISOString().slice(0, 10);
    const out = join(folder, 'warehouse/');
    const inFolder = await run(['export', 'facts', '--format', 'parquet', '--from', today, '--out', out]);
    expect(inFolder.out).toMatch(/^5 rows in [12] files?: /);
    expect(inFolder.err).toMatch(/not complete/);
    expect(existsSync(join(out, `facts/day=${today}/part-0.parquet`))).toBe(true);
  });

  it('prints its schema without a database', async () => {
    const { code, out } = await run(['export', '--schema']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: dataSchemaVersion,
      exports: { cells: expect.any(Array) },
    });
  });

  it.each(['import', 'export'])('%s --help says how', async (name) => {
    expect((await run([name, '--help'])).out).toMatch(new RegExp(`^postulate ${name} `));
  });
});

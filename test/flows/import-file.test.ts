import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import {
  importFile,
  type ImportOptions,
  type ImportRequest,
  type RecordRows,
} from '../../src/flows/import-file.js';
import { rowRecorder } from '../../src/flows/row-recorders.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

let database: Database;
let ctx: TestContext;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'postulate-import-'));
});
beforeEach(async () => {
  await emptyTables(database.knex);
  ctx = testContext(database.knex);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
function fileOf(content: string | Buffer): string {
  const path = join(folder, `file-${(files += 1)}`);
  writeFileSync(path, content);
  return path;
}

function read(request: ImportRequest, options: Partial<ImportOptions> = {}): ReturnType<typeof importFile> {
  return importFile(ctx, request, { recorder: rowRecorder(ctx, request.kind), batchRows: 10, ...options });
}

const refusedIn = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const profileRows = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `p-${from + i}@example.org,DE,${i}\n`).join('');
const traitsOf = async (id: string): Promise<unknown> => {
  const row = await database
    .knex('profiles')
    .where({ recipient_key: ctx.pseudonyms.recipientKey(id) })
    .first<{ traits: unknown } | undefined>('traits');
  return row?.traits;
};
const profileCount = async (): Promise<number> =>
  Number((await database.knex('profiles').count<{ count: string }[]>('* as count'))[0]?.count);

describe('a file of profiles', () => {
  const csv = `recipient,country,traits.orders\n${profileRows(0, 25)}`;

  it('is recorded once; read again it says so, and with again it changes nothing', async () => {
    const path = fileOf(csv);
    const first = await read({ kind: 'profiles', path });
    expect(first).toMatchObject({ rows: 25, counts: { recorded: 25, refused: 0 }, interrupted: false });
    expect(first.doneBefore).toBeUndefined();
    expect(await traitsOf('p-7@example.org')).toEqual({ country: 'DE', orders: 7 });
    expect(existsSync(first.refusedPath)).toBe(false);
    const second = await read({ kind: 'profiles', path });
    expect(second).toMatchObject({ rows: 25, counts: { recorded: 25 }, doneBefore: ctx.clock() });
    const again = await read({ kind: 'profiles', path, again: true });
    expect(again).toMatchObject({ rows: 25, counts: { recorded: 0, unchanged: 25 } });
    expect(await profileCount()).toBe(25);
  });

  it('is recognised under another name, not after a change', async () => {
    await read({ kind: 'profiles', source: 'crm', path: fileOf(csv) });
    expect((await read({ kind: 'profiles', source: 'crm', path: fileOf(csv) })).doneBefore).toBeDefined();
    const longer = await read({
      kind: 'profiles',
      source: 'crm',
      path: fileOf(`${csv}p-x@example.org,SE,1\n`),
    });
    expect(longer.counts).toMatchObject({ recorded: 1, unchanged: 25 });
  });

  it('puts bad rows into a file with line, code, reason and row, and records the others', async () => {
    const bad = `recipient,country,orders\na,DE,1\nb,SE\n,FR,2\nc,${'x'.repeat(2_000)},3\nd,"open,4\ne,NO,5\n`;
    const path = fileOf(gzipSync(bad));
    const result = await read({ kind: 'profiles', path });
    expect(result).toMatchObject({ rows: 6, counts: { recorded: 2, refused: 4 } });
    expect(await profileCount()).toBe(2);
    const rows = refusedIn(`${path}.refused.ndjson`);
    expect(rows.map((row) => [row['line'], row['code'], row['path']])).toEqual([
      [3, 'line_columns', undefined],
      [4, 'invalid_profile', 'recipient'],
      [5, 'invalid_traits', 'traits.country'],
      [6, 'line_malformed', undefined],
    ]);
    for (const row of rows) expect(row['message']).toMatch(/\w+ \w+/);
    expect(rows[0]?.['row']).toBe('b,SE');
    expect(rows[2]?.['row']).toMatchObject({ recipient: 'c', traits: { orders: 3 } });
  });

  it('gives refused rows that go in once they are mended', async () => {
    const path = fileOf('{"recipient":"a","traits":{"x":[1]}}\n{"recipient":"b","traits":{}}\n');
    const { refusedPath } = await read({ kind: 'profiles', path });
    const mended = refusedIn(refusedPath).map(({ row }) => ({ ...(row as object), traits: { x: 1 } }));
    const result = await read({
      kind: 'profiles',
      path: fileOf(mended.map((row) => JSON.stringify(row)).join('\n')),
    });
    expect(result.counts).toMatchObject({ recorded: 1, refused: 0 });
    expect(await traitsOf('a')).toEqual({ x: 1 });
  });

  it('names its source, the file unless said', async () => {
    const path = fileOf('recipient,country,source\na,DE,crm\nb,DE,\n');
    await read({ kind: 'profiles', path });
    const origins = await database.knex('profiles').select<{ origins: { country: [string] } }[]>('origins');
    expect(origins.map((row) => row.origins.country[0]).sort()).toEqual(
      ['crm', `import:file-${files}`].sort(),
    );
  });
});

describe('an interrupted import', () => {
  const bad = (i: number): boolean => i % 7 === 3;
  const csv = `recipient,country\n${Array.from({ length: 100 }, (_, i) => `${bad(i) ? '' : `p-${i}`},DE\n`).join('')}`;
  const refusals = Array.from({ length: 100 }, (_, i) => i).filter(bad).length;

  /** Records as always, and fails or is interrupted after some batches. */
  function until(batches: number, stop: (batch: number) => void): (source: string) => RecordRows {
    const recorder = rowRecorder(ctx, 'profiles');
    let done = 0;
    return (source) => async (rows) => {
      if (done === batches) stop(done);
      done += 1;
      return recorder(source)(rows);
    };
  }

  it('goes on where it was, with every refused row once', async () => {
    const path = fileOf(csv);
    const controller = new AbortController();
    const first = await read(
      { kind: 'profiles', path },
      { recorder: until(3, () => controller.abort()), signal: controller.signal },
    );
    expect(first).toMatchObject({ rows: 40, interrupted: true });
    let continued: number | undefined;
    const second = await read({ kind: 'profiles', path }, { onContinue: (rows) => (continued = rows) });
    expect(continued).toBe(40);
    expect(second).toMatchObject({
      rows: 100,
      interrupted: false,
      counts: { recorded: 100 - refusals, refused: refusals },
    });
    expect(refusedIn(second.refusedPath).map((row) => Number(row['line']) - 2)).toEqual(
      Array.from({ length: 100 }, (_, i) => i).filter(bad),
    );
    expect(await profileCount()).toBe(100 - refusals);
  });

  it('that failed in a batch begins again with that batch, and writes its refused rows once', async () => {
    const path = fileOf(csv);
    const failing = until(4, () => {
      throw new Error('the database has gone');
    });
    await expect(read({ kind: 'profiles', path }, { recorder: failing })).rejects.toThrow('has gone');
    // As if it had been killed after writing refused rows and before noting them.
    writeFileSync(`${path}.refused.ndjson`, '{"line":0}\n', { flag: 'a' });
    const second = await read({ kind: 'profiles', path });
    expect(second).toMatchObject({ rows: 100, counts: { recorded: 100 - refusals, refused: refusals } });
    expect(refusedIn(second.refusedPath)).toHaveLength(refusals);
    expect(refusedIn(second.refusedPath).some((row) => row['line'] === 0)).toBe(false);
  });

  it('changes nothing when a batch was recorded and not noted', async () => {
    const path = fileOf(csv);
    const recorder = rowRecorder(ctx, 'profiles');
    const losing =
      (source: string): RecordRows =>
      async (rows) => {
        await recorder(source)(rows);
        throw new Error('killed');
      };
    await expect(read({ kind: 'profiles', path }, { recorder: losing })).rejects.toThrow('killed');
    const second = await read({ kind: 'profiles', path });
    expect(second.counts).toMatchObject({ unchanged: 9, recorded: 100 - refusals - 9, refused: refusals });
    expect(await profileCount()).toBe(100 - refusals);
  });

  it('of standard input is read again from the beginning', async () => {
    const stdin = (): Readable => Readable.from([Buffer.from(csv)]);
    const controller = new AbortController();
    const refusedPath = join(folder, 'stdin.refused');
    const request = { kind: 'profiles', path: '-', refusedPath } as const;
    const stop = { recorder: until(1, () => controller.abort()), signal: controller.signal };
    expect(await read(request, { stdin: stdin(), ...stop })).toMatchObject({ rows: 20, interrupted: true });
    const second = await read(request, { stdin: stdin() });
    expect(second.counts.recorded + second.counts.unchanged).toBe(100 - refusals);
    expect(second.counts.unchanged).toBeGreaterThan(0);
    expect(refusedIn(refusedPath)).toHaveLength(refusals);
    expect(await database.knex('imports')).toEqual([]);
  });

  it('goes on with the other refused rows when their file cannot be written', async () => {
    const path = fileOf(csv);
    const nowhere = join(folder, 'no', 'such', 'folder');
    await expect(read({ kind: 'profiles', path, refusedPath: nowhere })).rejects.toThrow(/--refused/);
    const second = await read({ kind: 'profiles', path });
    expect(second.counts).toMatchObject({ refused: refusals });
  });
});

describe('a file that is none', () => {
  it.each([
    ['recipient,recipient\na,b\n', 'file_duplicate_column'],
    ['', 'file_empty'],
    [gzipSync(`recipient,country\n${'a,DE\n'.repeat(10)}`).subarray(0, 30), 'file_truncated'],
  ])('is refused, and can be read once it is mended, case %#', async (content, code) => {
    await expect(read({ kind: 'profiles', path: fileOf(content) })).rejects.toMatchObject({ code });
    expect(await profileCount()).toBe(0);
  });

  it('is refused when it is not there or a folder', async () => {
    await expect(read({ kind: 'profiles', path: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'file_not_found',
    });
    await expect(read({ kind: 'profiles', path: folder })).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});

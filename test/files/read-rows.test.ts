import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostulateError } from '../../src/errors.js';
import type { RowShape } from '../../src/files/csv-fields.js';
import type { FileRow } from '../../src/files/file-row.js';
import { openFile, type OpenFile } from '../../src/files/open-file.js';
import { readRows, type RowOptions } from '../../src/files/read-rows.js';

const shape: RowShape = {
  text: ['id', 'recipient', 'value'],
  scalar: ['stock'],
  object: 'properties',
  othersIntoObject: false,
};
const open: RowShape = { ...shape, othersIntoObject: true };

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'postulate-rows-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(
  file: OpenFile,
  options: Partial<RowOptions> = {},
  as: RowShape = shape,
): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const batch of readRows(file, as, { size: 1000, ...options })) rows.push(...batch);
  return rows;
}

async function read(
  bytes: string | Buffer,
  options: Partial<RowOptions> = {},
  as: RowShape = shape,
): Promise<FileRow[]> {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return rowsOf(await openFile(path), options, as);
}

/** Bytes in pieces of a given size. */
function inPieces(bytes: Buffer, size: number): Promise<OpenFile> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return openFile('-', { stdin: Readable.from(pieces) });
}

async function problem(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof PostulateError)) throw new Error(`no problem, but ${String(error)}`);
  return `${error.code}: ${error.message}`;
}

const good = (line: number, value: unknown): FileRow => ({ ok: true, line, value });

describe('rows of a CSV file', () => {
  it('are objects with the fields of the header; empty fields are left out, own ones go into the object', async () => {
    const csv =
      'id,value,properties.colour,stock,properties.n\n1,19.99,red,3,007\n"2","","a ""b""",,1e5\n,,true,-1.5,2\n';
    expect(await read(csv)).toEqual([
      good(2, { id: '1', value: '19.99', stock: 3, properties: { colour: 'red', n: '007' } }),
      good(3, { id: '2', properties: { colour: 'a "b"', n: '1e5' } }),
      good(4, { stock: -1.5, properties: { colour: true, n: 2 } }),
    ]);
  });

  it('keep columns as text, leave columns out, and take unknown ones into the object, as asked', async () => {
    const csv = 'id;zip;orders;note\n1;12345;3;x\n';
    expect(await read(csv, { asText: ['zip'], ignore: ['note'] }, open)).toEqual([
      good(2, { id: '1', properties: { zip: '12345', orders: 3 } }),
    ]);
  });

  it('may begin with a byte order mark, end in CRLF, hold quoted line ends and be gzip', async () => {
    const csv = '\ufeffid,recipient\r\n1,"a\r\nb"\r\n2,c';
    const rows = [good(2, { id: '1', recipient: 'a\r\nb' }), good(4, { id: '2', recipient: 'c' })];
    expect(await read(csv)).toEqual(rows);
    expect(await read(gzipSync(csv))).toEqual(rows);
    // Two gzip files one after the other are one.
    expect(await read(Buffer.concat([gzipSync(csv.slice(0, 9)), gzipSync(csv.slice(9))]))).toEqual(rows);
  });

  it('that are bad are reported in their place, with line, reason and how they begin', async () => {
    const csv = Buffer.concat([
      Buffer.from('id,recipient\n1,a\n2\n3,b,c\n4,"never closed\n5,c\n6,a\0b\n7,'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(`\n8,x"y\n9,${'z'.repeat(300_000)}\n10,d\n`),
    ]);
    const rows = await read(csv);
    expect(rows.map((row) => (row.ok ? row.line : `${row.line} ${row.code} ${row.message} ${row.start.slice(0, 20)}`))).toEqual([
      2,
      '3 line_columns This row has 1 columns where the header has 2. 2',
      '4 line_columns This row has 3 columns where the header has 2. 3,b,c',
      expect.stringMatching(/^5 line_malformed .*a quote.* 4,"never closed$/),
      6,
      '7 line_nul This row holds a NUL byte. 6,a\0b',
      expect.stringMatching(/^8 line_not_utf8 This row is not valid UTF-8\. 7,/),
      expect.stringMatching(/^9 line_malformed .*middle of an unquoted field.* 8,x"y$/),
      expect.stringMatching(/^10 line_malformed .*longer than 256,000 bytes.* 9,zzz/),
      11,
    ]); // prettier-ignore
  });

  it('are the same however the bytes are cut and packed', async () => {
    const cell = fc.constantFrom('a', '"q"', '"', 'x\ny', '"x\ny"', '""', 'é', '\0', 'z'.repeat(300_000));
    const row = fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => cells.join(','));
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        fc.integer({ min: 1, max: 200_000 }),
        async (lines, size) => {
          const bytes = Buffer.from(`id,recipient\n${lines.join('\n')}`);
          const whole = await rowsOf(await inPieces(bytes, bytes.length));
          const cut = await rowsOf(
            await inPieces(bytes, bytes.length > 10_000 ? Math.max(size, 5_000) : size),
          );
          // Only the reason may depend on it: an endless quote is noticed when the row is too long, or at the end.
          const shown = (rows: FileRow[]): unknown =>
            rows.map((one) => (one.ok ? one : { line: one.line, code: one.code }));
          expect(shown(cut)).toEqual(shown(whole));
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    ['id,id\n', {}, 'file_duplicate_column: Column "id" stands'],
    ['id,recipeint\n', {}, 'Did you mean "recipient"?'],
    ['id,colour\n', {}, '"properties.x"'],
    ['id,,recipient\n', {}, 'file_unnamed_column: Column 2 has no name'],
    ['id\n1\n', { ignore: ['note'] }, 'There is no column "note"'],
    ['"id,recipient\n1,2\n', {}, 'file_header'],
    [`id,"${'x'.repeat(2_000_000)}`, {}, 'file_header'],
    [`id,properties.${'x'.repeat(300_000)}\n1,2\n`, {}, 'file_header'],
    ['id\r1\r2\r', {}, 'bare carriage returns'],
    ['', {}, 'file_empty'],
    [' \n\n', {}, 'file_empty'],
    ['\u0000i\u0000d\n', {}, 'file_encoding'],
    ['[{"id":1}]', {}, 'one object per line'],
    [Buffer.from([0xff, 0xfe, 0x69, 0]), {}, 'UTF-16'],
    [Buffer.from('PK\u0003\u0004zip'), {}, 'ZIP'],
  ])('that is wrong as a whole is refused with a sentence, case %#', async (bytes, options, sentence) => {
    expect(await problem(read(bytes, options))).toContain(sentence);
  });
});

describe('rows of an NDJSON file', () => {
  it('are the values of its lines; blank lines count as lines', async () => {
    expect(await read('\ufeff{"id":"1"}\r\n\n {"id":"2","n":1.5}\n')).toEqual([
      good(1, { id: '1' }),
      good(3, { id: '2', n: 1.5 }),
    ]);
  });

  it('that are bad are reported in their place', async () => {
    const ndjson = Buffer.concat([
      Buffer.from('{"id":1}\n{"id":\n{"id":1,"id":2}\n'),
      Buffer.from([0x22, 0xc3, 0x28, 0x22, 0x0a]),
      Buffer.from(`"${'z'.repeat(300_000)}"\n${'['.repeat(70)}${']'.repeat(70)}\n7\n"a\0b"\n{"id":2}`),
    ]);
    const rows = await read(ndjson);
    expect(rows.map((row) => (row.ok ? row.line : `${row.line} ${row.code}`))).toEqual([
      1,
      '2 line_malformed',
      '3 line_duplicate_key',
      '4 line_not_utf8',
      '5 line_too_long',
      '6 line_nested_too_deep',
      7,
      '8 line_malformed',
      9,
    ]);
    expect(rows.every((row) => row.ok || row.start.length <= 1_000)).toBe(true);
  });

  it('are read as asked when the file begins misleadingly', async () => {
    expect(await read('\n[1]\n', { format: 'ndjson' })).toEqual([good(2, [1])]);
  });
});

describe('packed files', () => {
  it('that end too early or are damaged give the rows before, then a sentence', async () => {
    const packed = gzipSync(
      Array.from({ length: 50_000 }, (_, i) => `{"id":"${i}-${Math.sin(i)}"}\n`).join(''),
    );
    const path = join(folder, 'cut.gz');
    writeFileSync(path, packed.subarray(0, packed.length / 2));
    let seen = 0;
    const work = (async () => {
      for await (const batch of readRows(await openFile(path), shape, { size: 100 })) seen += batch.length;
    })();
    expect(await problem(work)).toMatch(/^file_truncated: .*ends in the middle of its gzip data/);
    expect(seen).toBeGreaterThan(1_000);
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, packed.length / 2, packed.length / 2 + 100);
    expect(await problem(read(damaged))).toMatch(/^file_(corrupt|truncated)/);
  });

  it('that unpack to a thousand times their size are refused in flat memory', async () => {
    const zeros = gzipSync(Buffer.alloc(30_000_000, 0x20));
    expect(await problem(read(Buffer.concat([Buffer.from(zeros)])))).toMatch(/file_(gzip_bomb|empty)/);
    const lines = gzipSync(`id\n${'a\n'.repeat(8_000_000)}`);
    expect(await problem(read(lines))).toMatch(/^file_gzip_bomb: .*1,000 times/);
  });

  it('of ordinary repetitive rows are read', async () => {
    const rows = await read(
      gzipSync(
        `id,recipient\n${Array.from({ length: 400_000 }, (_, i) => `evt-${i},ada@example.com`).join('\n')}`,
      ),
    );
    expect(rows).toHaveLength(400_000);
  });
});

describe('batches', () => {
  it('have the size asked for, but the last', async () => {
    const file = await inPieces(Buffer.from(`id\n${'1\n'.repeat(25)}`), 7);
    const sizes: number[] = [];
    for await (const batch of readRows(file, shape, { size: 10 })) sizes.push(batch.length);
    expect(sizes).toEqual([10, 10, 5]);
  });
});

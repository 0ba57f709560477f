import { describe, expect, it } from 'vitest';
import type { OpenFile } from '../../src/files/open-file.js';
import { readColumns } from '../../src/files/read-columns.js';
import { readStrictColumns } from '../../src/files/read-strict-columns.js';
import { streamColumns } from '../../src/files/stream-columns.js';
import type { UnreadableRow, WalkRequest } from '../../src/files/walk-records.js';
import { readRecords } from '../../src/files/walk-records.js';
import { fieldText } from '../../src/files/scan-records.js';

/** A file in pieces of so many bytes. */
function fileOf(content: string | Buffer, piece = 7): OpenFile {
  const bytes = Buffer.from(content);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) =>
    bytes.subarray(i * piece, (i + 1) * piece),
  );
  // eslint-disable-next-line @typescript-eslint/require-await -- as a file would give them
  const chunks = (async function* () {
    yield* pieces;
  })();
  return { name: 'x.csv', chunks, remaining: () => undefined };
}

async function walk(content: string | Buffer, request: Omit<WalkRequest, 'likely'>, piece?: number) {
  const rows: { line: number; texts: string[] }[] = [];
  const unreadable: Omit<UnreadableRow, 'start'>[] = [];
  let names: readonly string[] = [];
  await readRecords(fileOf(content, piece).chunks, { likely: [], ...request }, (found) => {
    names = found;
    return {
      row: (record) =>
        rows.push({ line: record.line, texts: found.map((_, column) => fieldText(record, column)) }),
      unreadable: ({ line, code, reason }) => unreadable.push({ line, code, reason }),
    };
  });
  return { names, rows, unreadable };
}

const header = ['who', 'what', 'stars'];

describe('the rows of a file without a header', () => {
  it.each([',', ';', '\t'])('are all rows, whichever of three delimiters divides them: %j', async (sign) => {
    const lines = [
      ['ada', 'tea', '4'],
      ['bob', 'boots', '5'],
    ];
    const text = lines.map((line) => `${line.join(sign)}\r\n`).join('');
    for (const piece of [1, 1000]) {
      const { names, rows } = await walk(`\ufeff${text}`, { header }, piece);
      expect(names).toEqual(header);
      expect(rows).toEqual(lines.map((texts, i) => ({ line: i + 1, texts })));
    }
  });

  it('have the lines of the file, and the bad ones among them are told', async () => {
    const text = Buffer.concat([
      Buffer.from('\n"a\nda",tea,4\nbob,boots\ncy,"te"a,1\n'),
      Buffer.from([0xff, 0x2c, 0x61, 0x2c, 0x31, 0x0a]),
      Buffer.from('dan,t\0a,2\neve,tea,3'),
    ]);
    const { rows, unreadable } = await walk(text, { header });
    expect(rows.map(({ line }) => line)).toEqual([2, 8]);
    expect(unreadable.map(({ line, code }) => [line, code])).toEqual([
      [4, 'columns'],
      [5, 'malformed'],
      [6, 'not_utf8'],
      [7, 'nul'],
    ]);
    expect(unreadable[0]?.reason).toBe('2 columns where 3 are named');
  });

  it('are divided by what is given, also where another delimiter would fit', async () => {
    const { rows } = await walk('1,5;2,5;3\n', { header, delimiter: ';' });
    expect(rows[0]?.texts).toEqual(['1,5', '2,5', '3']);
    await expect(walk('1,5;2,5;3\n', { header })).rejects.toThrow(
      'Both a comma and a semicolon divide the first row into 3 columns.',
    );
  });

  it('of one column need no delimiter', async () => {
    const { rows } = await walk('ada\nbob\n', { header: ['who'] });
    expect(rows.map(({ texts }) => texts)).toEqual([['ada'], ['bob']]);
  });

  it.each<[what: string, content: string | Buffer, reason: RegExp]>([
    [
      'more columns',
      'a;b;c;d\n',
      /^The first row has 4 columns, with a semicolon between, where 3 are named/,
    ],
    ['fewer columns', 'a,b\n', /has 2 columns, with a comma between, where 3 are named: .*Name every column/],
    ['an unknown delimiter', 'a|b|c\n', /^The first row has 1 column, where 3 are named/],
    ['a header after all', 'who, what ,stars\na,b,1\n', /is a header with the very names that are given/],
    ['a stray quote', 'a"b,c,d\n"x,y\n', /^The first row /],
    ['blank lines only', '\n\n\n', /^The first row cannot be read: there are only blank lines/],
    ['nothing', '', /^The file is empty/],
    ['no text', Buffer.from([0xc3, 0x28, 0x2c, 0x62, 0x2c, 0x63, 0x0a]), /^The first row is not valid UTF-8/],
    ['UTF-16', Buffer.from('a,b,c\n', 'utf16le'), /^The first row holds NUL bytes/],
    ['bare carriage returns', 'a,b,c\rd,e,f\r', /bare carriage returns/],
  ])('are refused where there is %s', async (_, content, reason) => {
    await expect(walk(content, { header }, 1000)).rejects.toThrow(reason);
  });
});

describe('a header', () => {
  it('that is too long to be a row is refused, and the next row not taken for it', async () => {
    const long = `who,${'x'.repeat(2_000)}\na,b\nc,d\n`;
    await expect(walk(long, { recordBytes: 1_000 })).rejects.toThrow(/^The header cannot be read/);
  });

  it('is no row, wherever the bytes are cut', async () => {
    for (const piece of [1, 3, 1000]) {
      const { names, rows } = await walk('a,"b\nb"\n1,2\n', {}, piece);
      expect([names, rows]).toEqual([['a', 'b\nb'], [{ line: 3, texts: ['1', '2'] }]]);
    }
  });
});

describe('the readers of columns', () => {
  const text = 'ada,tea,4\nbob,boots\ncy,tea,5\n';

  it('take the names that are given for a file without a header', async () => {
    const streamed: string[][] = [];
    const take = (texts: readonly string[]) => void streamed.push([...texts]);
    const read = await streamColumns(fileOf(text), ['stars', 'who'], take, { header });
    expect(streamed).toEqual([
      ['4', 'ada'],
      ['5', 'cy'],
    ]);
    expect(read.badRows.examples).toEqual([{ line: 2, reason: '2 columns where 3 are named' }]);

    const request = { header, likely: [], choose: () => ['what', 'what'], skipBadRows: true };
    const { columns, lines, names } = await readColumns(fileOf(text), request);
    expect([[...columns.keys()], [...lines], names]).toEqual([['what'], [1, 3], header]);

    await expect(readStrictColumns(fileOf(text), ['who'], { header })).rejects.toThrow(
      'Line 2 cannot be read: 2 columns where 3 are named.',
    );
    const strict = await readStrictColumns(fileOf('ada,tea,4\n'), ['stars', 'who'], { header });
    expect(strict).toEqual({
      rows: 1,
      columns: new Map([
        ['stars', ['4']],
        ['who', ['ada']],
      ]),
      names: header,
    });
  });

  it('say which names there are where one is not among those given', async () => {
    await expect(streamColumns(fileOf(text), ['star'], () => undefined, { header })).rejects.toThrow(
      /no column "star".*Did you mean "stars"\?.*who.*what.*stars/s,
    );
  });
});

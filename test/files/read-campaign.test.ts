import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignColumns } from '../../src/files/campaign-tally.js';
import { openFile } from '../../src/files/open-file.js';
import { readCampaign, type CampaignSums, type ReadOptions } from '../../src/files/read-campaign.js';
import { addSums, emptySums, sumsOf } from '../../src/statistics/sums.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'campaign-'))));
afterAll(() => rm(folder, { recursive: true }));

const columns: CampaignColumns = {
  factors: ['arm'],
  outcomes: [
    { column: 'won', type: 'proportion' },
    { column: 'spend', type: 'money' },
  ],
  cohorts: ['city'],
};

let files = 0;
async function read(
  content: string | Buffer,
  options: ReadOptions = {},
  wanted: CampaignColumns = columns,
): Promise<CampaignSums> {
  const path = join(folder, `${files++}.csv`);
  await writeFile(path, content);
  return readCampaign(await openFile(path), wanted, options);
}

const small = 'arm,won,spend,city\nA,1,2.50,"x, y"\nB,no,0,\nA,0,-1.125,"x, y"\n';

describe('reading a campaign', () => {
  it('takes what programs write of doubles as it is written', async () => {
    const double = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(double, { minLength: 1, maxLength: 30 }), async (values) => {
        const rows = values.filter((value) => value === 0 || Math.abs(value) > 1e-20);
        const sums = await read(
          ['arm,won,spend,city', ...rows.map((value) => `A,1,${value},x`), 'A,0,0,x', ''].join('\n'),
        );
        const cell = sums.cells.find(({ cohort }) => cohort === undefined);
        const total = Number(cell?.sums[1]?.sum) / 10 ** (sums.exponents[1] ?? 0);
        const expected = rows.reduce((a, b) => a + b, 0);
        const size = rows.reduce((a, b) => a + Math.abs(b), 0);
        expect(Math.abs(total - expected)).toBeLessThanOrEqual(1e-12 * size);
        expect(sums.rows).toBe(rows.length + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('sums exactly, the exponent growing with the decimals seen', async () => {
    const sums = await read(small);
    expect(sums).toMatchObject({ rows: 3, levels: [['A', 'B']], exponents: [0, 3], badRows: { count: 0 } });
    const all = sums.cells.find((cell) => cell.levels[0] === 0 && !cell.cohort);
    expect(all?.sums[0]).toMatchObject({ n: 2n, nonZero: 1n, sum: 1n });
    expect(all?.sums[1]).toMatchObject({
      n: 2n,
      nonZero: 2n,
      sum: 1375n,
      sumSquares: 2500n ** 2n + 1125n ** 2n,
    });
    expect(sums.cells.map((cell) => cell.cohort?.value)).toEqual([undefined, 'x, y', undefined, '']);
  });

  it('rescales what was summed before each time a longer decimal comes', async () => {
    const lines = ['1.5', '2', '1.25', '0.125', '3.1', '0.000001'].map((spend) => `A,1,${spend},x`);
    const sums = await read(`arm,won,spend,city\n${lines.join('\n')}\n`);
    expect(sums.exponents).toEqual([0, 6]);
    for (const cell of sums.cells) expect(cell.sums[1]).toMatchObject({ nonZero: 6n, sum: 7_975_001n });
  });

  it.each([
    ['CRLF', small.replaceAll('\n', '\r\n')],
    [
      'a byte order mark and a quoted header',
      `\uFEFF"arm",won,spend,city${small.slice(small.indexOf('\n'))}`,
    ],
    ['gzip whatever the name', gzipSync(small)],
    ['gzip in two members', Buffer.concat([gzipSync(small.slice(0, 40)), gzipSync(small.slice(40))])],
    ['no end of line at the end', small.trimEnd()],
    ['blank lines', small.replaceAll('\n', '\n\n')],
    ['other columns around', small.replaceAll('\n', ',zz\n').replace('zz', 'other')],
  ])('reads %s alike', async (_, content) => {
    expect(await read(content)).toEqual(await read(small));
  });

  it.each([
    [';', ';'],
    ['tab', '\t'],
  ])('finds out the delimiter %s', async (_, delimiter) => {
    const lines = small.replace('"x, y"', 'x').replace('"x, y"', 'x').replaceAll(',', delimiter);
    expect((await read(lines)).rows).toBe(3);
  });

  it('reads decimal commas when told', async () => {
    const sums = await read('arm;won;spend;city\nA;1;2,5;x\nB;0;1,25;x\n', { decimalPoint: ',' });
    expect(sums.exponents).toEqual([0, 2]);
  });

  it('names line, column and value of bad rows and leaves them out whole', async () => {
    const good = 'A,1,1,x\nB,0,1,x\n'.repeat(400);
    const bad = 'A,maybe,1,x\nA,,1,x\nA,1,1.x,x\n,1,1,x\nA,1,1\nA,1,1,"x"y\nNEW,2,1,new\n';
    const sums = await read(`arm,won,spend,city\n${good}${bad}`);
    expect(sums.badRows).toEqual({
      count: 7,
      examples: [
        {
          line: 802,
          reason: 'column "won" holds "maybe", which is neither yes (1, true, yes) nor no (0, false, no)',
        },
        { line: 803, reason: 'column "won" is empty' },
        { line: 804, reason: 'column "spend" holds "1.x", which is not a plain number' },
        { line: 805, reason: 'column "arm" is empty' },
        { line: 806, reason: '3 columns where the header has 4' },
        { line: 807, reason: 'text follows a closing quote (a quote inside a quoted field must be doubled)' },
        {
          line: 808,
          reason: 'column "won" holds "2", which is neither yes (1, true, yes) nor no (0, false, no)',
        },
      ],
    });
    expect(sums.levels).toEqual([['A', 'B']]);
    expect(sums.skipped).toEqual([
      { levels: ['A'], rows: 3 },
      { levels: [''], rows: 1 },
      { levels: ['NEW'], rows: 1 },
    ]);
    expect(sums.skippedBy).toEqual([
      { column: 'arm', rows: 1 },
      { column: 'won', rows: 3 },
      { column: 'spend', rows: 1 },
    ]);
  });

  it('marks rows that are not UTF-8 or hold NUL, and no others', async () => {
    const good = 'A,1,1,Köln\nB,0,1,東京\n'.repeat(200);
    const content = Buffer.concat([
      Buffer.from(`arm,won,spend,city\n${good}`),
      Buffer.from('A,1,1,K\xf6ln\nA,1,1,a\0b\n', 'latin1'),
      Buffer.from(good),
    ]);
    const sums = await read(content);
    expect(sums.rows).toBe(800);
    expect(sums.badRows.examples).toEqual([
      { line: 402, reason: 'not valid UTF-8' },
      { line: 403, reason: 'holds a NUL byte' },
    ]);
  });

  it.each([
    ['a UTF-16 file', Buffer.from('\uFEFFarm,won\n', 'utf16le'), /UTF-16/],
    ['UTF-16 without a mark', Buffer.from('arm,won\n', 'utf16le'), /NUL/],
    ['a workbook', Buffer.from('PK\x03\x04xxxx'), /Excel/],
    ['cut gzip', gzipSync(small).subarray(0, 40), /middle of its gzip/],
    ['an empty file', '', /empty/],
    ['a header alone', 'arm,won,spend,city\n', /no rows/],
    ['bare carriage returns', small.replaceAll('\n', '\r'), /carriage returns/],
    ['a mistyped column', small.replace('spend', 'Spend '), /no column "spend"\. Did you mean "Spend "\? The file has: "arm", "won", "Spend ", "city"/],
    ['a doubled column', small.replace('city', 'won'), /more than once/],
    ['ids as arms', `arm,won,spend,city\n${Array.from({ length: 60 }, (_, i) => `${i},1,1,x\n`).join('')}`, /more than 50 different values/],
  ])('refuses %s with a sentence', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  }); // prettier-ignore

  it('stops above 1% of bad rows and not below, unless told to skip them', async () => {
    const good = 'A,1,1,x\n'.repeat(99);
    const head = 'arm,won,spend,city\n';
    expect((await read(`${head}${good}A,?,1,x\n`)).badRows.count).toBe(1);
    await expect(read(`${head}${good}A,?,1,x\nA,?,1,x\n`)).rejects.toThrow(
      /^2 of 101 rows could not be read/,
    );
    expect((await read(`${head}${good}A,?,1,x\nA,?,1,x\n`, { skipBadRows: true })).rows).toBe(99);
  });

  it('stops early only when the rest of the file cannot save it', async () => {
    const head = 'arm,won,spend,city\n';
    const bad = 'A,?,1,x\n'.repeat(60_000);
    await expect(read(head + bad + bad)).rejects.toThrow(/of the first [\d,]+ rows/);
    const saved = await read(`${head}${'A,?,1,x\n'.repeat(2000)}${'A,1,1,x\n'.repeat(250_000)}`);
    expect(saved.badRows.count).toBe(2000);
  });

  it('equals direct sums for any rows in any order', async () => {
    const row = fc.record({
      arm: fc.constantFrom('A', 'B', 'é"'),
      won: fc.constantFrom('1', '0', 'TRUE', 'n'),
      cents: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      city: fc.constantFrom('x', 'y', ''),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const lines = rows.map((one) => {
          const arm = one.arm.includes('"') ? `"${one.arm.replaceAll('"', '""')}"` : one.arm;
          return `${arm},${one.won},${(one.cents / 100).toFixed(2)},${one.city}`;
        });
        const sums = await read(`arm,won,spend,city\n${lines.join('\n')}\n`);
        const scale = 10n ** BigInt(2 - (sums.exponents[1] ?? 0));
        for (const cell of sums.cells) {
          const arm = sums.levels[0]?.[cell.levels[0] ?? 0];
          const mine = rows.filter(
            (one) => one.arm === arm && (!cell.cohort || one.city === cell.cohort.value),
          );
          const direct = mine.map((one) => sumsOf(BigInt(one.cents) / scale)).reduce(addSums, emptySums);
          expect(cell.sums[1]).toEqual(direct);
          const won = mine.filter((one) => ['1', 'TRUE'].includes(one.won)).length;
          expect(cell.sums[0]).toMatchObject({ n: BigInt(mine.length), sum: BigInt(won) });
        }
      }),
      { numRuns: 60 },
    );
  });
});

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldText, RecordScanner } from '../../src/files/scan-records.js';

interface Scanned {
  rows: string[][];
  lines: number[];
  bad: { line: number; reason: string }[];
}

function scan(
  text: string | Buffer,
  cuts: readonly number[] = [],
  delimiter = ',',
  recordBytes = 1000,
): Scanned {
  const result: Scanned = { rows: [], lines: [], bad: [] };
  const scanner = new RecordScanner(
    delimiter,
    { recordBytes, fields: 50 },
    {
      record: (record) => {
        result.rows.push(Array.from({ length: record.count }, (_, i) => fieldText(record, i)));
        result.lines.push(record.line);
      },
      badRow: (line, reason) => result.bad.push({ line, reason }),
    },
  );
  const bytes = Buffer.from(text);
  const points = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < points.length; i++) scanner.push(bytes.subarray(points[i - 1], points[i]));
  scanner.end();
  return result;
}

const cell = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('', '"', '""', 'a,b', 'two\nlines', 'cr\r\nlf', 'é', '😀', ' x ', '"quoted"', '\r'),
);
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  );

function write(rows: readonly string[][], end: string, lastEnd: boolean, always: boolean): string {
  const field = (text: string): string =>
    always || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(field).join(',')).join(end) + (lastEnd ? end : '');
}

describe('record scanner', () => {
  it('reads back any table, however it is quoted, ended and cut into chunks', () => {
    fc.assert(
      fc.property(
        table, fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean(), fc.array(fc.nat(), { maxLength: 6 }),
        (rows, end, lastEnd, always, cuts) => {
          const result = scan(write(rows, end, lastEnd, always), cuts);
          expect(result.bad).toEqual([]);
          expect(result.rows).toEqual(rows);
        },
      ),
      { numRuns: 500 },
    ); // prettier-ignore
  });

  it('agrees with csv-parse wherever csv-parse accepts the text', () => {
    const pieces = fc.array(fc.constantFrom('a', '1', ',', '"', '\n', '\r\n', '""', ' ', 'é'), {
      maxLength: 25,
    });
    let compared = 0;
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(), { maxLength: 4 }), (parts, cuts) => {
        const text = parts.join('');
        let expected: string[][];
        try {
          expected = parse(text, {
            relax_column_count: true,
            record_delimiter: ['\n', '\r\n'],
            skip_empty_lines: true,
          });
        } catch {
          expect(scan(text, cuts).bad.length).toBeGreaterThan(0);
          return;
        }
        compared++;
        expect(scan(text, cuts)).toMatchObject({ rows: expected, bad: [] });
      }),
      { numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('knows the line of every record, lines inside quotes counted', () => {
    expect(scan('a,b\n"x\ny",1\n\n2,3\n').lines).toEqual([1, 2, 5]);
  });

  it.each([
    ['text after a closing quote', 'a\n"b"c\nd\n', 2],
    ['a quote inside an unquoted field', 'a\nb"c\nd\n', 2],
    ['a quote never closed', 'a\n"b\nd\n', 2],
    ['a quote closed by the quote of a later row', 'a\n"b\n"d"\n', 2],
  ])('%s costs that row only', (_, text, line) => {
    const result = scan(text);
    expect(result.bad.map((one) => one.line)).toEqual([line]);
    expect(result.rows.at(-1)).toEqual(['d']);
  });

  it('gives up on a row that is too long and goes on at the next line', () => {
    const text = `a\n${'x'.repeat(5000)}\nb\n"${'y\n'.repeat(900)}`;
    const result = scan(text, [100, 1500, 3000, 4000]);
    expect(result.bad.map((one) => one.line)).toEqual([2, 4]);
    expect(result.rows.slice(0, 2)).toEqual([['a'], ['b']]);
  });
});

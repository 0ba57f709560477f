import { isUtf8 } from 'node:buffer';
import { didYouMean, quoted, quotedList } from './closest-name.js';
import { fileProblem } from './file-problem.js';
import { fieldText, RecordScanner, type RawRecord } from './scan-records.js';

export type Delimiter = ',' | ';' | '\t';
const delimiters: readonly Delimiter[] = [',', ';', '\t'];
const mostColumns = 10_000;
const mostHeaderBytes = 1024 * 1024;

export interface Header {
  readonly delimiter: string;
  readonly names: readonly string[];
  /** Position of each wanted column, in the order asked for. */
  readonly positions: readonly number[];
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Bytes up to at least the end of the header, without a byte order mark. */
export async function readStart(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let start = Buffer.alloc(0);
  while (!holdsHeader(start)) {
    if (start.length > mostHeaderBytes) throw endlessHeader(start);
    const next = await chunks.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  return start.subarray(0, 3).equals(byteOrderMark) ? start.subarray(3) : start;
}

function endlessHeader(start: Buffer): Error {
  const bare = start.includes(0x0d) && !start.includes(0x0a);
  const why = bare ? 'The lines end in bare carriage returns' : 'The header is longer than a megabyte';
  return fileProblem('header', `${why}, or a quote in the header is never closed.`);
}

/** True once `bytes` hold the whole first record: an end of line outside quotes. */
function holdsHeader(bytes: Buffer): boolean {
  let quoteOpen = false;
  for (const byte of bytes) {
    if (byte === 0x22) quoteOpen = !quoteOpen;
    else if (byte === 0x0a && !quoteOpen) return true;
  }
  return false;
}

/** Reads the first record and finds the wanted columns; the delimiter is the one that finds most of them. */
export function readHeader(bytes: Buffer, wanted: readonly string[], given?: string): Header {
  const { delimiter, names } = readNames(bytes, wanted, given);
  return { delimiter, names, positions: wanted.map((name) => positionOf(name, names)) };
}

/** Reads the first record; the delimiter is the one that finds most of the names that are likely to be there. */
export function readNames(
  bytes: Buffer,
  likely: readonly string[],
  given?: string,
): Pick<Header, 'delimiter' | 'names'> {
  if (bytes.length === 0) throw fileProblem('empty', 'The file is empty.');
  const firstLine = bytes.subarray(0, bytes.indexOf(0x0a) + 1 || bytes.length);
  if (firstLine.includes(0)) {
    throw fileProblem(
      'encoding',
      'The header holds NUL bytes, so this is not plain text (perhaps UTF-16). Save it as UTF-8.',
    );
  }
  if (bytes.includes(0x0d) && !bytes.includes(0x0a)) {
    throw fileProblem(
      'line_ends',
      'The lines end in bare carriage returns. Save the file with LF or CRLF line ends.',
    );
  }
  const candidates = given === undefined ? delimiters : [given];
  const headers = candidates.map((delimiter) => ({ delimiter, ...firstRecord(bytes, delimiter) }));
  const found = (names: readonly string[]): number => likely.filter((name) => names.includes(name)).length;
  const { delimiter, names, problem } = headers.reduce((a, b) => {
    const gain = found(b.names) - found(a.names);
    return gain > 0 || (gain === 0 && b.names.length > a.names.length) ? b : a;
  });
  if (names.length === 0) throw fileProblem('header', `The header cannot be read: ${problem}.`);
  return { delimiter, names };
}

/** The names in the first record, or none and why. */
function firstRecord(bytes: Buffer, delimiter: string): { names: readonly string[]; problem: string } {
  let first: { names: readonly string[]; problem: string } | undefined;
  const scanner = new RecordScanner(
    delimiter,
    { recordBytes: bytes.length, fields: mostColumns },
    {
      record: (record) => (first ??= { names: textsOf(record), problem: '' }),
      badRow: (_, reason) => (first ??= { names: [], problem: reason }),
    },
  );
  scanner.push(bytes);
  if (!first) scanner.end();
  return first ?? { names: [], problem: 'there are only blank lines' };
}

function textsOf(record: RawRecord): string[] {
  if (!isUtf8(record.bytes.subarray(record.from, record.to))) {
    throw fileProblem('encoding', 'The header is not valid UTF-8. Save the file as UTF-8 and try again.');
  }
  return Array.from({ length: Math.min(record.count, mostColumns) }, (_, i) => fieldText(record, i));
}

/** @throws bad_input where the header has no such name, or has it twice. */
export function positionOf(name: string, names: readonly string[]): number {
  const position = names.indexOf(name);
  if (position < 0) {
    throw fileProblem(
      'no_column',
      `There is no column ${quoted(name)}.${didYouMean(name, names)} The file has: ${quotedList(names)}.`,
    );
  }
  if (names.indexOf(name, position + 1) >= 0) {
    throw fileProblem(
      'duplicate_column',
      `Column ${quoted(name)} stands in the header more than once, so it is not clear which is meant. The file has: ${quotedList(names)}.`,
    );
  }
  return position;
}

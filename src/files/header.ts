import { isUtf8 } from 'node:buffer';
import { didYouMean, quoted, quotedList } from './closest-name.js';
import { fileProblem } from './file-problem.js';
import { fieldText, RecordScanner, type RawRecord } from './scan-records.js';

export type Delimiter = ',' | ';' | '\t';
const delimiters: readonly Delimiter[] = [',', ';', '\t'];
const mostColumns = 10_000;
const mostHeaderBytes = 1024 * 1024;

/** How a CSV file is written, as far as it is known. */
export interface CsvLayout {
  /** Found out from the first row when it is not given. */
  readonly delimiter?: string | undefined;
  /** The file has no header: these are its columns, in order. */
  readonly header?: readonly string[] | undefined;
}

/** The columns of a file. */
interface Columns {
  readonly delimiter: string;
  readonly names: readonly string[];
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
  return withoutMark(start);
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
}

function endlessHeader(start: Buffer): Error {
  const bare = start.includes(0x0d) && !start.includes(0x0a);
  const why = bare ? 'The lines end in bare carriage returns' : 'The first row is longer than a megabyte';
  return fileProblem('header', `${why}, or a quote in it is never closed.`);
}

/** True once `bytes` hold the whole first record: an end of line outside quotes, after blank lines if any. */
function holdsHeader(bytes: Buffer): boolean {
  let [quoteOpen, isBlank] = [false, true];
  for (const byte of withoutMark(bytes)) {
    if (byte === 0x22) quoteOpen = !quoteOpen;
    if (byte === 0x0a && !quoteOpen && !isBlank) return true;
    if (byte !== 0x0a && byte !== 0x0d) isBlank = false;
  }
  return false;
}

/**
 * The columns by the first record, or as they are given. The delimiter is the one that finds most of the names that are likely to
 * be there; of a file without a header, the one that finds as many fields as there are names.
 */
export function readNames(bytes: Buffer, likely: readonly string[], layout: CsvLayout = {}): Columns {
  const { delimiter: given, header } = layout;
  const what = header ? 'first row' : 'header';
  refuseNoText(bytes, what);
  const candidates = given === undefined ? delimiters : [given];
  const records = candidates.map((delimiter) => ({ delimiter, ...firstRecord(bytes, delimiter, what) }));
  if (header) return { names: header, delimiter: delimiterFor(header, records) };
  const found = (names: readonly string[]): number => likely.filter((name) => names.includes(name)).length;
  const { delimiter, texts, problem } = records.reduce((a, b) => {
    const gain = found(b.texts) - found(a.texts);
    return gain > 0 || (gain === 0 && b.texts.length > a.texts.length) ? b : a;
  });
  if (texts.length === 0) throw fileProblem('header', `The header cannot be read: ${problem}.`);
  return { delimiter, names: texts };
}

function refuseNoText(bytes: Buffer, what: string): void {
  if (bytes.length === 0) throw fileProblem('empty', 'The file is empty.');
  const firstLine = bytes.subarray(0, bytes.indexOf(0x0a) + 1 || bytes.length);
  if (firstLine.includes(0)) {
    throw fileProblem(
      'encoding',
      `The ${what} holds NUL bytes, so this is not plain text (perhaps UTF-16). Save it as UTF-8.`,
    );
  }
  if (bytes.includes(0x0d) && !bytes.includes(0x0a)) {
    throw fileProblem(
      'line_ends',
      'The lines end in bare carriage returns. Save the file with LF or CRLF line ends.',
    );
  }
}

interface FirstRecord {
  /** None where it cannot be read. */
  readonly texts: readonly string[];
  /** Why it cannot be read. */
  readonly problem: string;
}

/** Which delimiter a file without a header has, by its first record. */
function delimiterFor(
  names: readonly string[],
  records: readonly (FirstRecord & { readonly delimiter: string })[],
): string {
  const [fitting, another] = records.filter(({ texts }) => texts.length === names.length);
  if (!fitting) throw noFit(names, records);
  if (another && names.length > 1) {
    throw fileProblem(
      'delimiter',
      `Both ${nameOf(fitting.delimiter)} and ${nameOf(another.delimiter)} divide the first row into ${names.length} columns. Say which it is by the delimiter.`,
    );
  }
  if (fitting.texts.every((text, i) => text.trim() === names[i])) {
    throw fileProblem(
      'header_twice',
      'The first row is a header with the very names that are given: leave out the names.',
    );
  }
  return fitting.delimiter;
}

function noFit(names: readonly string[], records: Parameters<typeof delimiterFor>[1]): Error {
  const { texts, problem, delimiter } = records.reduce((a, b) => (b.texts.length > a.texts.length ? b : a));
  if (texts.length === 0) return fileProblem('first_row', `The first row cannot be read: ${problem}.`);
  const columns =
    texts.length === 1 ? '1 column' : `${texts.length} columns, with ${nameOf(delimiter)} between`;
  const named = names.length === 1 ? '1 is named' : `${names.length} are named`;
  return fileProblem(
    'columns',
    `The first row has ${columns}, where ${named}: ${quotedList(names)}. Name every column of the file, in order.`,
  );
}

function nameOf(delimiter: string): string {
  return { ',': 'a comma', ';': 'a semicolon', '\t': 'a tab' }[delimiter] ?? quoted(delimiter);
}

function firstRecord(bytes: Buffer, delimiter: string, what: string): FirstRecord {
  let first: FirstRecord | undefined;
  const scanner = new RecordScanner(
    delimiter,
    { recordBytes: bytes.length, fields: mostColumns },
    {
      record: (record) => (first ??= { texts: textsOf(record, what), problem: '' }),
      badRow: (_, reason) => (first ??= { texts: [], problem: reason }),
    },
  );
  scanner.push(bytes);
  if (!first) scanner.end();
  return first ?? { texts: [], problem: 'there are only blank lines' };
}

function textsOf(record: RawRecord, what: string): string[] {
  if (!isUtf8(record.bytes.subarray(record.from, record.to))) {
    throw fileProblem('encoding', `The ${what} is not valid UTF-8. Save the file as UTF-8 and try again.`);
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

import { isUtf8 } from 'node:buffer';
import { BadRows, type BadRow } from './bad-rows.js';
import { CampaignTally, type CampaignColumns, type Tallied } from './campaign-tally.js';
import { fileProblem } from './file-problem.js';
import { holdsHeader, readHeader, type Header } from './header.js';
import type { OpenFile } from './open-file.js';
import { RecordScanner, type RawRecord } from './scan-records.js';

export interface ReadOptions {
  /** Found out from the header when it is not given. */
  readonly delimiter?: string;
  /** `,` where numbers are written as 12,50. */
  readonly decimalPoint?: '.' | ',';
  /** Go on whatever the share of bad rows. */
  readonly skipBadRows?: boolean;
}

/** A whole campaign as exact sums, and the rows that are not in them. */
export interface CampaignSums extends Tallied {
  readonly badRows: { readonly count: number; readonly examples: readonly BadRow[] };
}

const recordBytes = 1024 * 1024;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Streams a campaign file into sums; memory does not grow with the file. */
export async function readCampaign(
  file: OpenFile,
  columns: CampaignColumns,
  options: ReadOptions = {},
): Promise<CampaignSums> {
  const chunks = file.chunks[Symbol.asyncIterator]();
  try {
    return await readChunks(chunks, file, columns, options);
  } finally {
    await chunks.return?.();
  }
}

async function readChunks(
  chunks: AsyncIterator<Buffer>,
  file: OpenFile,
  columns: CampaignColumns,
  options: ReadOptions,
): Promise<CampaignSums> {
  const start = await startOf(chunks);
  const wanted = [...columns.factors, ...columns.outcomes.map((one) => one.column), ...columns.cohorts];
  const header = readHeader(start, wanted, options.delimiter);
  const reader = new RowReader(columns, header, options.decimalPoint ?? '.');
  const limits = { recordBytes, fields: header.names.length + 1 };
  const scanner = new RecordScanner(header.delimiter, limits, reader);
  const strict = options.skipBadRows !== true;
  scanner.push(start);
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    scanner.push(next.value);
    if (strict) stopWhenHopeless(reader, file, header);
  }
  scanner.end();
  if (strict && reader.bad.tooMany(reader.rows)) throw reader.bad.problem(reader.rows, true);
  if (reader.tally.rows === 0) throw fileProblem('no_rows', noRows(reader));
  return { ...reader.tally.result(), badRows: { count: reader.bad.count, examples: reader.bad.examples } };
}

/** Bytes up to at least the end of the header, without a byte order mark. */
async function startOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let start = Buffer.alloc(0);
  while (!holdsHeader(start)) {
    if (start.length > recordBytes) throw endlessHeader(start);
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

/**
 * Stops early only when the rows still to come cannot bring the bad ones below the limit, so that the answer does
 * not depend on where in the file they stand. A row has at least a byte per column.
 */
function stopWhenHopeless(reader: RowReader, file: OpenFile, header: Header): void {
  const left = file.remaining();
  if (left === undefined || reader.bad.count < 1000) return;
  const mostRows = reader.rows + (left + recordBytes) / header.names.length;
  if (reader.bad.tooMany(mostRows)) throw reader.bad.problem(reader.rows, false);
}

function noRows({ bad }: RowReader): string {
  const first = bad.examples[0];
  if (!first) return 'The file has a header but no rows.';
  return `None of the ${bad.count} rows could be read. The first: line ${first.line}: ${first.reason}.`;
}

/** Takes records from the scanner, refuses the bad ones and tallies the others. */
class RowReader {
  readonly bad = new BadRows();
  readonly tally: CampaignTally;
  readonly #columns: number;
  #headerSeen = false;
  #checked: Buffer | undefined;
  #clean = false;

  constructor(columns: CampaignColumns, header: Header, point: '.' | ',') {
    this.tally = new CampaignTally(columns, header.positions, point);
    this.#columns = header.names.length;
  }

  /** Rows read so far, good and bad. */
  get rows(): number {
    return this.tally.rows + this.bad.count;
  }

  record(record: RawRecord): void {
    if (!this.#headerSeen) {
      this.#headerSeen = true;
      return;
    }
    const problem = this.#problemOf(record) ?? this.tally.add(record);
    if (problem !== undefined) this.bad.add(record.line, problem);
  }

  badRow(line: number, reason: string): void {
    this.bad.add(line, reason);
  }

  #problemOf(record: RawRecord): string | undefined {
    if (record.count !== this.#columns) {
      return `${record.count} columns where the header has ${this.#columns}`;
    }
    if (this.#isClean(record.bytes)) return undefined;
    const bytes = record.bytes.subarray(record.from, record.to);
    if (!isUtf8(bytes)) return 'not valid UTF-8';
    return bytes.includes(0) ? 'holds a NUL byte' : undefined;
  }

  /** A whole chunk is checked at once; only in one that fails every row is looked at by itself. */
  #isClean(bytes: Buffer): boolean {
    if (this.#checked !== bytes) {
      this.#checked = bytes;
      const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1 || bytes.length);
      this.#clean = isUtf8(whole) && !whole.includes(0);
    }
    return this.#clean;
  }
}

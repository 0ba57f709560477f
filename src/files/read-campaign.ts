import { BadRows, type BadRow } from './bad-rows.js';
import { CampaignTally, type CampaignColumns, type Tallied } from './campaign-tally.js';
import { fileProblem } from './file-problem.js';
import { readHeader, readStart, type Header } from './header.js';
import type { OpenFile } from './open-file.js';
import { RecordScanner, type RawRecord } from './scan-records.js';
import { TextCheck } from './text-check.js';

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
  const start = await readStart(chunks);
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
  readonly #text = new TextCheck();
  #headerSeen = false;

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
    return this.#text.problem(record);
  }
}

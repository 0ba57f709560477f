import { fileProblem } from './file-problem.js';
import { type CsvLayout, readNames, readStart } from './header.js';
import { type RawRecord, type RecordHandler, RecordScanner } from './scan-records.js';
import { TextCheck } from './text-check.js';

export interface WalkRequest extends CsvLayout {
  /** Names that the header is likely to have: they tell the delimiter. */
  readonly likely: readonly string[];
  /** Bytes of the longest row. */
  readonly recordBytes?: number;
}

export interface UnreadableRow {
  readonly line: number;
  readonly code: 'malformed' | 'columns' | 'not_utf8' | 'nul';
  readonly reason: string;
  /** How the row begins. */
  readonly start: string;
}

export interface RowSink {
  /** A row with as many fields as there are columns, all of them text. It is reused: take what is needed before returning. */
  row(record: RawRecord): void;
  unreadable(row: UnreadableRow): void;
}

const usualRecordBytes = 1024 * 1024;
const startBytes = 1_000;

/**
 * The rows of a CSV file, from its bytes into a sink, without the header. It pauses after every chunk, so that whoever asks can
 * hand on or stop.
 *
 * @param begin makes the sink, once it is known which columns there are.
 * @throws bad_input with a code `file_…` where there is no header to read, or no first row where the columns are given.
 */
export async function* walkRecords(
  chunks: AsyncIterable<Buffer>,
  request: WalkRequest,
  begin: (names: readonly string[]) => RowSink,
): AsyncGenerator<void> {
  const bytes = chunks[Symbol.asyncIterator]();
  try {
    const start = await readStart(bytes);
    const { names, delimiter } = readNames(start, request.likely, request);
    const rows = new RowGate(begin(names), names.length, request.header !== undefined);
    const limits = { recordBytes: request.recordBytes ?? usualRecordBytes, fields: names.length + 1 };
    const scanner = new RecordScanner(delimiter, limits, rows);
    scanner.push(start);
    yield;
    for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) {
      scanner.push(next.value);
      yield;
    }
    scanner.end();
    yield;
  } finally {
    await bytes.return?.();
  }
}

/** The same without a pause. */
export async function readRecords(...walk: Parameters<typeof walkRecords>): Promise<void> {
  const steps = walkRecords(...walk);
  while ((await steps.next()).done !== true);
}

/** Keeps the header from the sink, and tells it the rows that cannot be read. */
class RowGate implements RecordHandler {
  readonly #sink: RowSink;
  readonly #columns: number;
  readonly #expected: string;
  readonly #text = new TextCheck();
  #isHeaderNext: boolean;

  constructor(sink: RowSink, columns: number, headerGiven: boolean) {
    this.#sink = sink;
    this.#columns = columns;
    this.#expected = headerGiven ? `${columns} are named` : `the header has ${columns}`;
    this.#isHeaderNext = !headerGiven;
  }

  record(record: RawRecord): void {
    if (this.#isHeaderNext) {
      this.#isHeaderNext = false;
      return;
    }
    const problem = this.#problemOf(record);
    if (!problem) this.#sink.row(record);
    else this.#sink.unreadable({ line: record.line, start: startOf(record), ...problem });
  }

  badRow(line: number, reason: string, start: Buffer): void {
    if (this.#isHeaderNext) throw fileProblem('header', `The header cannot be read: ${reason}.`);
    this.#sink.unreadable({ line, code: 'malformed', reason, start: start.toString() });
  }

  #problemOf(record: RawRecord): Pick<UnreadableRow, 'code' | 'reason'> | undefined {
    if (record.count !== this.#columns) {
      return { code: 'columns', reason: `${record.count} columns where ${this.#expected}` };
    }
    return this.#text.problem(record);
  }
}

function startOf(record: RawRecord): string {
  return record.bytes.toString('utf8', record.from, Math.min(record.to, record.from + startBytes));
}

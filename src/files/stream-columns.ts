import { type BadRow, BadRows } from './bad-rows.js';
import { fileProblem } from './file-problem.js';
import { readHeader, readStart } from './header.js';
import type { OpenFile } from './open-file.js';
import { fieldText, type RawRecord, RecordScanner } from './scan-records.js';
import { TextCheck } from './text-check.js';

export interface ColumnsRead {
  /** Rows that were taken. */
  readonly rows: number;
  readonly badRows: { readonly count: number; readonly examples: readonly BadRow[] };
}

const recordBytes = 1024 * 1024;

/**
 * Streams some columns of a CSV file, whatever else it holds, to `take`, which answers why a row cannot be used, if so. Those rows
 * are counted and left out; the good ones go in.
 *
 * @param names columns that are wanted; `take` gets their texts in this order.
 * @throws bad_input with a code `file_…` where the file, or none of its rows, can be read.
 */
export async function streamColumns(
  file: OpenFile,
  names: readonly string[],
  take: (texts: readonly string[]) => string | undefined,
  delimiter?: string,
): Promise<ColumnsRead> {
  const chunks = file.chunks[Symbol.asyncIterator]();
  try {
    const start = await readStart(chunks);
    const header = readHeader(start, names, delimiter);
    const reader = new Reader(header.positions, header.names.length, take);
    const limits = { recordBytes, fields: header.names.length + 1 };
    const scanner = new RecordScanner(header.delimiter, limits, reader);
    scanner.push(start);
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      scanner.push(next.value);
    }
    scanner.end();
    if (reader.rows === 0) throw fileProblem('no_rows', noRows(file.name, reader.bad));
    return { rows: reader.rows, badRows: { count: reader.bad.count, examples: reader.bad.examples } };
  } finally {
    await chunks.return?.();
  }
}

function noRows(name: string, bad: BadRows): string {
  const [first] = bad.examples;
  if (!first) return `${name} has a header but no rows.`;
  const rows = bad.count === 1 ? 'The only row' : `None of the ${bad.count.toLocaleString('en-US')} rows`;
  return `${rows} of ${name} could be used. The first: line ${first.line}: ${first.reason}.`;
}

class Reader {
  rows = 0;
  readonly bad = new BadRows();
  readonly #positions: readonly number[];
  readonly #columns: number;
  readonly #take: (texts: readonly string[]) => string | undefined;
  readonly #text = new TextCheck();
  #headerSeen = false;

  constructor(
    positions: readonly number[],
    columns: number,
    take: (texts: readonly string[]) => string | undefined,
  ) {
    this.#positions = positions;
    this.#columns = columns;
    this.#take = take;
  }

  record(record: RawRecord): void {
    if (!this.#headerSeen) {
      this.#headerSeen = true;
      return;
    }
    const problem = this.#problemOf(record);
    if (problem === undefined) this.rows += 1;
    else this.bad.add(record.line, problem);
  }

  badRow(line: number, reason: string): void {
    this.bad.add(line, reason);
  }

  #problemOf(record: RawRecord): string | undefined {
    if (record.count !== this.#columns) {
      return `${record.count} columns where the header has ${this.#columns}`;
    }
    return (
      this.#text.problem(record) ?? this.#take(this.#positions.map((position) => fieldText(record, position)))
    );
  }
}

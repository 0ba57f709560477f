import { fileProblem } from './file-problem.js';
import { readHeader, readStart } from './header.js';
import type { OpenFile } from './open-file.js';
import { fieldText, type RawRecord, RecordScanner } from './scan-records.js';
import { TextCheck } from './text-check.js';

/** Some columns of a CSV file, whole, as texts. */
export interface StrictColumns {
  readonly rows: number;
  /** By name, in the order of the rows. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Every name in the header. */
  readonly names: readonly string[];
}

const recordBytes = 1024 * 1024;
/** Texts that fit in memory together. */
const mostFields = 50_000_000;

/**
 * Reads columns of a CSV file into memory, for what needs them whole.
 *
 * @param wanted names; each must be in the header.
 * @throws bad_input with a code `file_…`, also for a single row that cannot be read: leaving it out would move the rows after it
 * to the other side of a split.
 */
export async function readStrictColumns(
  file: OpenFile,
  wanted: readonly string[],
  delimiter?: string,
): Promise<StrictColumns> {
  const chunks = file.chunks[Symbol.asyncIterator]();
  try {
    const start = await readStart(chunks);
    const header = readHeader(start, wanted, delimiter);
    const reader = new ColumnReader(wanted, header.positions, header.names.length);
    const scanner = new RecordScanner(
      header.delimiter,
      { recordBytes, fields: header.names.length + 1 },
      reader,
    );
    scanner.push(start);
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      scanner.push(next.value);
    }
    scanner.end();
    if (reader.rows === 0) throw fileProblem('no_rows', 'The file has a header but no rows.');
    return { rows: reader.rows, columns: reader.columns, names: header.names };
  } finally {
    await chunks.return?.();
  }
}

class ColumnReader {
  readonly columns: ReadonlyMap<string, string[]>;
  readonly #lists: readonly string[][];
  readonly #positions: readonly number[];
  readonly #width: number;
  readonly #text = new TextCheck();
  #headerSeen = false;
  rows = 0;

  constructor(wanted: readonly string[], positions: readonly number[], width: number) {
    this.#lists = wanted.map(() => []);
    this.columns = new Map(wanted.map((name, i) => [name, this.#lists[i] as string[]]));
    this.#positions = positions;
    this.#width = width;
  }

  record(record: RawRecord): void {
    if (!this.#headerSeen) {
      this.#headerSeen = true;
      return;
    }
    if (record.count !== this.#width) {
      this.badRow(record.line, `${record.count} columns where the header has ${this.#width}`);
    }
    const problem = this.#text.problem(record);
    if (problem !== undefined) this.badRow(record.line, problem);
    this.rows += 1;
    if (this.rows * this.#lists.length > mostFields) {
      throw fileProblem('too_large', 'The file has more rows than fit in memory: take a sample of its rows.');
    }
    this.#positions.forEach((position, i) => this.#lists[i]?.push(fieldText(record, position)));
  }

  badRow(line: number, reason: string): void {
    throw fileProblem('bad_row', `Line ${line} cannot be read: ${reason}. Mend or remove it.`);
  }
}

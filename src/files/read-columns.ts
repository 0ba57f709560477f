import { BadRows, type BadRow } from './bad-rows.js';
import { fileProblem } from './file-problem.js';
import { positionOf, readNames, readStart } from './header.js';
import type { OpenFile } from './open-file.js';
import { fieldText, type RawRecord, RecordScanner } from './scan-records.js';
import { TextCheck } from './text-check.js';
import { type TextColumn, TextColumnBuilder } from './text-column.js';

export interface ColumnsRequest {
  /** Found out from the header when it is not given. */
  readonly delimiter?: string;
  /** Names that the header is likely to have: they tell the delimiter. */
  readonly likely: readonly string[];
  /** Which of the columns to read. May throw, where one is missing. */
  readonly choose: (names: readonly string[]) => readonly string[];
  /** Go on whatever the share of bad rows. */
  readonly skipBadRows?: boolean;
}

export interface FileColumns {
  /** All that the file has. */
  readonly names: readonly string[];
  /** Those that were chosen, by name. */
  readonly columns: ReadonlyMap<string, TextColumn>;
  readonly rows: number;
  /** By row, the line of the file on which it begins. */
  readonly lines: Int32Array;
  readonly badRows: { readonly count: number; readonly examples: readonly BadRow[] };
}

const recordBytes = 1024 * 1024;
/** What an analysis keeps in memory; more belongs into a sample. */
const mostCells = 200_000_000;

/**
 * The chosen columns of a CSV file, as texts, in memory. A row that cannot be read, and a header that stands there again, is a bad
 * row.
 *
 * @throws bad_input with a code `file_…`.
 */
export async function readColumns(file: OpenFile, request: ColumnsRequest): Promise<FileColumns> {
  const chunks = file.chunks[Symbol.asyncIterator]();
  try {
    const start = await readStart(chunks);
    const { names, delimiter } = readNames(start, request.likely, request.delimiter);
    const chosen = [...new Set(request.choose(names))];
    const collector = new ColumnCollector(names, chosen);
    const scanner = new RecordScanner(delimiter, { recordBytes, fields: names.length + 1 }, collector);
    scanner.push(start);
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      scanner.push(next.value);
    }
    scanner.end();
    const { bad, rows } = collector;
    if (rows === 0 && bad.count === 0) throw fileProblem('no_rows', 'The file has a header but no rows.');
    if (request.skipBadRows !== true && bad.tooMany(rows + bad.count)) {
      throw bad.problem(rows + bad.count, true);
    }
    return { names, ...collector.result() };
  } finally {
    await chunks.return?.();
  }
}

class ColumnCollector {
  readonly bad = new BadRows();
  readonly #names: readonly string[];
  readonly #chosen: readonly string[];
  readonly #positions: readonly number[];
  readonly #builders: readonly TextColumnBuilder[];
  readonly #lines: number[] = [];
  readonly #text = new TextCheck();
  #headerSeen = false;

  constructor(names: readonly string[], chosen: readonly string[]) {
    this.#names = names;
    this.#chosen = chosen;
    this.#positions = chosen.map((name) => positionOf(name, names));
    this.#builders = chosen.map((name) => new TextColumnBuilder(name));
  }

  get rows(): number {
    return this.#lines.length;
  }

  record(record: RawRecord): void {
    if (!this.#headerSeen) {
      this.#headerSeen = true;
      return;
    }
    const problem = this.#problemOf(record);
    if (problem !== undefined) {
      this.bad.add(record.line, problem);
      return;
    }
    const texts = this.#positions.map((position) => fieldText(record, position));
    if (texts.length > 0 && texts.every((text, i) => text === this.#chosen[i])) {
      this.bad.add(record.line, 'the header stands here again');
      return;
    }
    for (const [i, builder] of this.#builders.entries()) builder.add(texts[i] as string);
    this.#lines.push(record.line);
    if (this.rows * this.#builders.length > mostCells) {
      throw fileProblem(
        'too_large',
        `The file has more than ${mostCells.toLocaleString('en-US')} values in the columns that are asked for. Take a sample of its rows, or fewer columns.`,
      );
    }
  }

  badRow(line: number, reason: string): void {
    if (!this.#headerSeen) throw fileProblem('header', `The header cannot be read: ${reason}.`);
    this.bad.add(line, reason);
  }

  result() {
    const columns = this.#builders.map((builder) => builder.result());
    return {
      columns: new Map(columns.map((column) => [column.name, column])),
      rows: this.rows,
      lines: Int32Array.from(this.#lines),
      badRows: { count: this.bad.count, examples: this.bad.examples },
    };
  }

  #problemOf(record: RawRecord): string | undefined {
    if (record.count !== this.#names.length) {
      return `${record.count} columns where the header has ${this.#names.length}`;
    }
    return this.#text.problem(record);
  }
}

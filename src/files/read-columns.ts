import { BadRows, type BadRowsFound } from './bad-rows.js';
import { fileProblem } from './file-problem.js';
import { type CsvLayout, positionOf } from './header.js';
import type { OpenFile } from './open-file.js';
import { fieldText, type RawRecord } from './scan-records.js';
import { type TextColumn, TextColumnBuilder } from './text-column.js';
import { readRecords, type RowSink, type UnreadableRow } from './walk-records.js';

export interface ColumnsRequest extends CsvLayout {
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
  readonly badRows: BadRowsFound;
}

/** What an analysis keeps in memory; more belongs into a sample. */
const mostCells = 200_000_000;

/**
 * The chosen columns of a CSV file, as texts, in memory. A row that cannot be read, and a header that stands there again, is a bad
 * row.
 *
 * @throws bad_input with a code `file_…`.
 */
export async function readColumns(file: OpenFile, request: ColumnsRequest): Promise<FileColumns> {
  const collector = new ColumnCollector();
  await readRecords(file.chunks, request, (names) => collector.begin(names, request.choose(names)));
  const { bad, rows } = collector;
  if (rows === 0 && bad.count === 0) throw fileProblem('no_rows', 'The file has a header but no rows.');
  if (request.skipBadRows !== true && bad.tooMany(rows + bad.count)) {
    throw bad.problem(rows + bad.count, true);
  }
  return collector.result();
}

class ColumnCollector implements RowSink {
  readonly bad = new BadRows();
  #names: readonly string[] = [];
  #chosen: readonly string[] = [];
  #positions: readonly number[] = [];
  #builders: readonly TextColumnBuilder[] = [];
  readonly #lines: number[] = [];

  begin(names: readonly string[], chosen: readonly string[]): this {
    this.#names = names;
    this.#chosen = [...new Set(chosen)];
    this.#positions = this.#chosen.map((name) => positionOf(name, names));
    this.#builders = this.#chosen.map((name) => new TextColumnBuilder(name));
    return this;
  }

  get rows(): number {
    return this.#lines.length;
  }

  row(record: RawRecord): void {
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

  unreadable({ line, reason }: UnreadableRow): void {
    this.bad.add(line, reason);
  }

  result(): FileColumns {
    const columns = this.#builders.map((builder) => builder.result());
    return {
      names: this.#names,
      columns: new Map(columns.map((column) => [column.name, column])),
      rows: this.rows,
      lines: Int32Array.from(this.#lines),
      badRows: this.bad.found(),
    };
  }
}

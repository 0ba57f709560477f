import { fileProblem } from './file-problem.js';
import { type CsvLayout, positionOf } from './header.js';
import type { OpenFile } from './open-file.js';
import { fieldText, type RawRecord } from './scan-records.js';
import { readRecords, type RowSink, type UnreadableRow } from './walk-records.js';

/** Some columns of a CSV file, whole, as texts. */
export interface StrictColumns {
  readonly rows: number;
  /** By name, in the order of the rows. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Every name that the file has. */
  readonly names: readonly string[];
}

/** Texts that fit in memory together. */
const mostFields = 50_000_000;

/**
 * Reads columns of a CSV file into memory, for what needs them whole.
 *
 * @param wanted names; the file must have each.
 * @throws bad_input with a code `file_…`, also for a single row that cannot be read: leaving it out would move the rows after it
 * to the other side of a split.
 */
export async function readStrictColumns(
  file: OpenFile,
  wanted: readonly string[],
  layout: CsvLayout = {},
): Promise<StrictColumns> {
  const reader = new StrictReader(wanted);
  const { delimiter, header } = layout;
  await readRecords(file.chunks, { delimiter, header, likely: wanted }, (names) => reader.begin(names));
  if (reader.rows === 0) throw fileProblem('no_rows', 'The file has a header but no rows.');
  return { rows: reader.rows, columns: reader.columns, names: reader.names };
}

class StrictReader implements RowSink {
  readonly columns: ReadonlyMap<string, string[]>;
  names: readonly string[] = [];
  rows = 0;
  readonly #lists: readonly string[][];
  #positions: readonly number[] = [];

  constructor(wanted: readonly string[]) {
    this.columns = new Map(wanted.map((name) => [name, []]));
    this.#lists = [...this.columns.values()];
  }

  begin(names: readonly string[]): this {
    this.names = names;
    this.#positions = [...this.columns.keys()].map((name) => positionOf(name, names));
    return this;
  }

  row(record: RawRecord): void {
    this.rows += 1;
    if (this.rows * this.#lists.length > mostFields) {
      throw fileProblem('too_large', 'The file has more rows than fit in memory: take a sample of its rows.');
    }
    this.#positions.forEach((position, i) => this.#lists[i]?.push(fieldText(record, position)));
  }

  unreadable({ line, reason }: UnreadableRow): void {
    throw fileProblem('bad_row', `Line ${line} cannot be read: ${reason}. Mend or remove it.`);
  }
}

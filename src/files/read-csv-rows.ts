import { type ColumnChoices, CsvFields, type RowShape } from './csv-fields.js';
import { fileProblem } from './file-problem.js';
import type { FileRow } from './file-row.js';
import { readNames, readStart } from './header.js';
import { type RawRecord, type RecordHandler, RecordScanner } from './scan-records.js';
import { TextCheck } from './text-check.js';

export interface CsvOptions extends ColumnChoices {
  /** Rows in a batch. */
  readonly size: number;
  readonly maxRowBytes: number;
  /** Found out from the header when it is not given. */
  readonly delimiter?: string;
}

/** The rows of a CSV file with a header, in batches, in flat memory. A bad row is reported in its place. */
export async function* readCsvRows(
  chunks: AsyncIterable<Buffer>,
  shape: RowShape,
  options: CsvOptions,
): AsyncGenerator<FileRow[]> {
  const bytes = chunks[Symbol.asyncIterator]();
  try {
    const start = await readStart(bytes);
    const { names, delimiter } = readNames(start, [...shape.text, ...shape.scalar], options.delimiter);
    const rows = new RowCollector(names, new CsvFields(names, shape, options));
    const limits = { recordBytes: options.maxRowBytes, fields: names.length + 1 };
    const scanner = new RecordScanner(delimiter, limits, rows);
    scanner.push(start);
    yield* rows.batches(options.size);
    for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) {
      scanner.push(next.value);
      yield* rows.batches(options.size);
    }
    scanner.end();
    yield* rows.batches(options.size);
    if (rows.waiting.length > 0) yield rows.waiting;
  } finally {
    await bytes.return?.();
  }
}

class RowCollector implements RecordHandler {
  waiting: FileRow[] = [];
  readonly #columns: number;
  readonly #fields: CsvFields;
  readonly #text = new TextCheck();
  #headerSeen = false;

  constructor(names: readonly string[], fields: CsvFields) {
    this.#columns = names.length;
    this.#fields = fields;
  }

  *batches(size: number): Generator<FileRow[]> {
    let at = 0;
    for (; this.waiting.length - at >= size; at += size) yield this.waiting.slice(at, at + size);
    this.waiting = this.waiting.slice(at);
  }

  record(record: RawRecord): void {
    if (!this.#headerSeen) {
      this.#headerSeen = true;
      return;
    }
    const problem = this.#problemOf(record);
    this.waiting.push(
      problem
        ? { ok: false, line: record.line, ...problem, start: startOf(record) }
        : { ok: true, line: record.line, value: this.#fields.rowOf(record) },
    );
  }

  badRow(line: number, reason: string, start: Buffer): void {
    if (!this.#headerSeen) throw fileProblem('header', `The header cannot be read: ${reason}.`);
    const message = `This row cannot be read: ${reason}.`;
    this.waiting.push({ ok: false, line, code: 'line_malformed', message, start: start.toString() });
  }

  #problemOf(record: RawRecord): { code: string; message: string } | undefined {
    if (record.count !== this.#columns) {
      const message = `This row has ${record.count} columns where the header has ${this.#columns}.`;
      return { code: 'line_columns', message };
    }
    const problem = this.#text.problem(record);
    if (problem === undefined) return undefined;
    const code = problem === 'not valid UTF-8' ? 'line_not_utf8' : 'line_nul';
    return { code, message: problem.startsWith('not') ? `This row is ${problem}.` : `This row ${problem}.` };
  }
}

function startOf(record: RawRecord): string {
  return record.bytes.toString('utf8', record.from, Math.min(record.to, record.from + 1_000));
}

import { type ColumnChoices, CsvFields, type RowShape } from './csv-fields.js';
import type { FileRow } from './file-row.js';
import type { CsvLayout } from './header.js';
import type { RawRecord } from './scan-records.js';
import { type RowSink, type UnreadableRow, walkRecords } from './walk-records.js';

export interface CsvOptions extends ColumnChoices, CsvLayout {
  /** Rows in a batch. */
  readonly size: number;
  readonly maxRowBytes: number;
}

/** The rows of a CSV file, in batches, in flat memory. A bad row is reported in its place. */
export async function* readCsvRows(
  chunks: AsyncIterable<Buffer>,
  shape: RowShape,
  options: CsvOptions,
): AsyncGenerator<FileRow[]> {
  const { delimiter, header, maxRowBytes } = options;
  const likely = [...shape.text, ...shape.scalar];
  const rows = new RowCollector();
  const walk = walkRecords(chunks, { delimiter, header, likely, recordBytes: maxRowBytes }, (names) =>
    rows.begin(new CsvFields(names, shape, options)),
  );
  for await (const _pause of walk) yield* rows.batches(options.size);
  if (rows.waiting.length > 0) yield rows.waiting;
}

class RowCollector implements RowSink {
  waiting: FileRow[] = [];
  #fields: CsvFields | undefined;

  begin(fields: CsvFields): this {
    this.#fields = fields;
    return this;
  }

  *batches(size: number): Generator<FileRow[]> {
    let at = 0;
    for (; this.waiting.length - at >= size; at += size) yield this.waiting.slice(at, at + size);
    this.waiting = this.waiting.slice(at);
  }

  row(record: RawRecord): void {
    this.waiting.push({ ok: true, line: record.line, value: this.#fields?.rowOf(record) });
  }

  unreadable({ line, code, reason, start }: UnreadableRow): void {
    this.waiting.push({
      ok: false,
      line,
      code: `line_${code}`,
      message: `This row ${leads[code]}${reason}.`,
      start,
    });
  }
}

const leads: Readonly<Record<UnreadableRow['code'], string>> = {
  malformed: 'cannot be read: ',
  columns: 'has ',
  not_utf8: 'is ',
  nul: '',
};

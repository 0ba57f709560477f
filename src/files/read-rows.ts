import type { RowShape } from './csv-fields.js';
import { fileProblem } from './file-problem.js';
import type { FileRow } from './file-row.js';
import { type OpenFile, withHead } from './open-file.js';
import { type CsvOptions, readCsvRows } from './read-csv-rows.js';
import { type Line, readLines } from './read-lines.js';

export type RowFormat = 'csv' | 'ndjson';

export interface RowOptions extends Omit<CsvOptions, 'maxRowBytes'> {
  /** Found out from how the file begins when it is not given. */
  readonly format?: RowFormat;
}

/** Bytes of the longest row. */
export const maxRowBytes = 256_000;
const mostBlankBytes = 1_000_000;

/** The rows of a CSV or NDJSON file in batches, in flat memory; a row that cannot be read is reported in its place. */
export async function* readRows(
  file: OpenFile,
  shape: RowShape,
  options: RowOptions,
): AsyncGenerator<FileRow[]> {
  const bytes = file.chunks[Symbol.asyncIterator]();
  try {
    const head = await firstText(bytes);
    const chunks = withHead(head, bytes);
    if ((options.format ?? formatOf(head)) === 'csv') {
      yield* readCsvRows(chunks, shape, { ...options, maxRowBytes });
    } else {
      const lines = readLines(chunks, { size: options.size, maxLineBytes: maxRowBytes });
      for await (const batch of lines) yield batch.map(rowOf);
    }
  } finally {
    await bytes.return?.();
  }
}

function rowOf(line: Line): FileRow {
  return line.ok ? { ok: true, line: line.line, value: line.value } : line;
}

/** Bytes up to the first that is no white space. */
async function firstText(bytes: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (firstSign(head) === undefined && head.length < mostBlankBytes) {
    const next = await bytes.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

function firstSign(head: Buffer): string | undefined {
  return /[^\s\ufeff]/.exec(head.toString('utf8'))?.[0];
}

function formatOf(head: Buffer): RowFormat {
  const sign = firstSign(head);
  if (sign === undefined) throw fileProblem('empty', 'The file is empty.');
  if (sign === '[') {
    throw fileProblem(
      'format',
      'This looks like one JSON list. Write one object per line instead (NDJSON): jq -c ".[]" FILE.',
    );
  }
  return sign === '{' ? 'ndjson' : 'csv';
}

import type { OutColumn, OutRow, RowWriter, Sink } from './row-writer.js';

/** One JSON object per line, every column in every row. Whole numbers are numbers; those of any size are texts. */
export function ndjsonWriter(columns: readonly OutColumn[], sink: Sink): RowWriter {
  const names = columns.map((column) => JSON.stringify(column.name));
  const lineOf = (row: OutRow): string =>
    `{${columns.map((column, i) => `${names[i]}:${valueOf(column, row[column.name])}`).join(',')}}\n`;
  return {
    write: (rows) => (rows.length === 0 ? Promise.resolve() : sink(Buffer.from(rows.map(lineOf).join('')))),
    end: () => Promise.resolve(),
  };
}

function valueOf({ type }: OutColumn, value: string | number | null | undefined): string {
  if (value === null || value === undefined) return 'null';
  // Digits and JSON stand in the line as they are.
  return type === 'int' || type === 'json' ? String(value) : JSON.stringify(value);
}

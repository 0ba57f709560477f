import type { OutColumn, OutRow, RowWriter, Sink } from './row-writer.js';

/**
 * CSV as RFC 4180 has it, with a header and line feeds. Nothing is an empty field, the empty text a quoted one. A text is
 * never changed, also where a spreadsheet would take it for a formula: this is for programs.
 */
export function csvWriter(columns: readonly OutColumn[], sink: Sink): RowWriter {
  const line = (fields: readonly string[]): string => `${fields.join(',')}\n`;
  let header: string | undefined = line(columns.map((column) => field(column.name)));
  const write = async (rows: readonly OutRow[]): Promise<void> => {
    const text = rows.map((row) => line(columns.map(({ name }) => field(row[name])))).join('');
    await sink(Buffer.from((header ?? '') + text));
    header = undefined;
  };
  return { write, end: () => (header === undefined ? Promise.resolve() : write([])) };
}

function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

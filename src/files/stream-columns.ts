import { BadRows, type BadRowsFound } from './bad-rows.js';
import { fileProblem } from './file-problem.js';
import { type CsvLayout, positionOf } from './header.js';
import type { OpenFile } from './open-file.js';
import { fieldText } from './scan-records.js';
import { readRecords } from './walk-records.js';

export interface ColumnsRead {
  /** Rows that were taken. */
  readonly rows: number;
  readonly badRows: BadRowsFound;
}

/**
 * Streams some columns of a CSV file, whatever else it holds, to `take`, which answers why a row cannot be used, if so. Those rows
 * are counted and left out; the good ones go in.
 *
 * @param wanted columns; `take` gets their texts in this order.
 * @throws bad_input with a code `file_…` where the file, or none of its rows, can be read.
 */
export async function streamColumns(
  file: OpenFile,
  wanted: readonly string[],
  take: (texts: readonly string[]) => string | undefined,
  { delimiter, header }: CsvLayout = {},
): Promise<ColumnsRead> {
  const bad = new BadRows();
  let rows = 0;
  await readRecords(file.chunks, { delimiter, header, likely: wanted }, (names) => {
    const positions = wanted.map((name) => positionOf(name, names));
    return {
      row(record) {
        const problem = take(positions.map((position) => fieldText(record, position)));
        if (problem === undefined) rows += 1;
        else bad.add(record.line, problem);
      },
      unreadable: ({ line, reason }) => bad.add(line, reason),
    };
  });
  if (rows === 0) throw fileProblem('no_rows', noRows(file.name, bad));
  return { rows, badRows: bad.found() };
}

function noRows(name: string, bad: BadRows): string {
  const [first] = bad.examples;
  if (!first) return `${name} has a header but no rows.`;
  const rows = bad.count === 1 ? 'The only row' : `None of the ${bad.count.toLocaleString('en-US')} rows`;
  return `${rows} of ${name} could be used. The first: line ${first.line}: ${first.reason}.`;
}

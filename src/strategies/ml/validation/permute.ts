import { type Random, shuffled } from '../../../evaluation/random.js';
import type { Table } from '../table.js';

/** The table with one column in another order, so that it says nothing about the row it stands in any more. */
export function permuteColumn(table: Table, name: string, random: Random): Table {
  const order = shuffled(table.rows, random);
  const columns = table.columns.map((column) => {
    if (column.name !== name) return column;
    if (column.type === 'number') {
      return { ...column, values: Float64Array.from(order, (row) => column.values[row] as number) };
    }
    return { ...column, codes: Int32Array.from(order, (row) => column.codes[row] as number) };
  });
  return { rows: table.rows, columns };
}

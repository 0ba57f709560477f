import type { Column, Table } from '../../../src/strategies/ml/table.js';

/** A column of numbers. */
export const numbers = (name: string, values: ArrayLike<number>): Column => ({
  name,
  type: 'number',
  values: Float64Array.from(values),
});

export const tableOf = (...columns: Column[]): Table => ({
  rows: columns[0]!.type === 'number' ? columns[0]!.values.length : columns[0]!.codes.length,
  columns,
});

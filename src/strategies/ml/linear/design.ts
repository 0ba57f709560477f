import type { Column, ColumnSpec, Table } from '../table.js';

/**
 * One number of each row that a linear model weighs: a column, whether it is missing, or whether it is of one category.
 * Missing numbers stand at the mean and are told by a term of their own.
 */
export type Term =
  | { readonly column: number; readonly is: 'number'; readonly mean: number; readonly scale: number }
  | { readonly column: number; readonly is: 'missing'; readonly mean: number; readonly scale: number }
  | {
      readonly column: number;
      readonly is: 'category';
      /** Place in the categories of the column. */
      readonly code: number;
      readonly mean: number;
      readonly scale: number;
    };

/** Terms that vary in this table, each less its weighted mean and over its largest distance from that. */
export function termsOf(table: Table, weights: Float64Array): Term[] {
  return table.columns.flatMap((column, c) =>
    kindsOf(column, c).flatMap((kind) => {
      const moments = momentsOf(table, kind, weights);
      return moments.scale > 0 && Number.isFinite(moments.scale) ? [{ ...kind, ...moments }] : [];
    }),
  );
}

type Kind =
  | { readonly column: number; readonly is: 'number' | 'missing' }
  | { readonly column: number; readonly is: 'category'; readonly code: number };

function kindsOf(column: Column, place: number): Kind[] {
  if (column.type === 'number') {
    return [
      { column: place, is: 'number' },
      { column: place, is: 'missing' },
    ];
  }
  return column.categories.map((_, code) => ({ column: place, is: 'category', code }));
}

/** NaN where the number is missing. */
function rawValue(table: Table, kind: Kind, row: number): number {
  const column = table.columns[kind.column] as Column;
  if (column.type === 'category') return kind.is === 'category' && column.codes[row] === kind.code ? 1 : 0;
  const value = column.values[row] as number;
  if (kind.is === 'number') return Number.isFinite(value) ? value : NaN;
  return Number.isFinite(value) ? 0 : 1;
}

function momentsOf(table: Table, kind: Kind, weights: Float64Array): { mean: number; scale: number } {
  let [total, mean] = [0, 0];
  for (let row = 0; row < table.rows; row++) {
    const value = rawValue(table, kind, row);
    if (Number.isNaN(value)) continue;
    total += weights[row] as number;
    mean += ((value - mean) * (weights[row] as number)) / total;
  }
  let scale = 0;
  for (let row = 0; row < table.rows; row++) {
    const distance = Math.abs(rawValue(table, kind, row) - mean);
    if (distance > scale) scale = distance;
  }
  return { mean, scale };
}

/** The value of a term in every row of a table with the columns it was made for. */
export function valuesOf(table: Table, term: Term): Float64Array {
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const value = rawValue(table, term, row);
    return Number.isNaN(value) ? 0 : (value - term.mean) / term.scale;
  });
}

/** As people read it: `zip_code = Rural`, `age is missing`. */
export function termName(term: Term, columns: readonly ColumnSpec[]): string {
  const column = columns[term.column];
  const name = column?.name ?? '';
  if (term.is === 'category') {
    return `${name} = ${column?.type === 'category' ? (column.categories[term.code] ?? '') : ''}`;
  }
  return term.is === 'missing' ? `${name} is missing` : name;
}

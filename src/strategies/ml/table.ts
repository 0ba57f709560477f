/** One feature of many rows. Missing: NaN among numbers, -1 among categories. */
export type Column =
  | { readonly name: string; readonly type: 'number'; readonly values: Float64Array }
  | {
      readonly name: string;
      readonly type: 'category';
      /** Positions in `categories`. */
      readonly codes: Int32Array;
      /** Sorted by UTF-16 unit, each once. */
      readonly categories: readonly string[];
    };

/** Rows of features, column by column. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** What a model was taught on: a table with other columns is refused by it. */
export type ColumnSpec =
  | { readonly name: string; readonly type: 'number' }
  | { readonly name: string; readonly type: 'category'; readonly categories: readonly string[] };

export type Cell = number | string | boolean | null | undefined;

/**
 * A table from rows of values. A column in which a text stands is one of categories, with numbers and booleans in it read as
 * texts; any other is one of numbers, with true as 1. Null, undefined and whatever is not finite are missing.
 */
export function tableOf(names: readonly string[], rows: readonly (readonly Cell[])[]): Table {
  return {
    rows: rows.length,
    columns: names.map((name, c) => columnOf(name, (r) => rows[r]?.[c], rows.length)),
  };
}

function columnOf(name: string, cell: (row: number) => Cell, rows: number): Column {
  const texts = new Set<string>();
  let isCategory = false;
  for (let r = 0; r < rows; r++) {
    const value = cell(r);
    if (typeof value === 'string') isCategory = true;
    if (isKnown(value)) texts.add(String(value));
  }
  const spec: ColumnSpec = isCategory
    ? { name, type: 'category', categories: [...texts].sort() }
    : { name, type: 'number' };
  return fill(spec, cell, rows);
}

/** The same for a model that knows its columns: a category that it never saw is missing to it. */
export function tableFor(specs: readonly ColumnSpec[], rows: readonly (readonly Cell[])[]): Table {
  return { rows: rows.length, columns: specs.map((spec, c) => fill(spec, (r) => rows[r]?.[c], rows.length)) };
}

function fill(spec: ColumnSpec, cell: (row: number) => Cell, rows: number): Column {
  if (spec.type === 'number') {
    const values = Float64Array.from({ length: rows }, (_, r) => numberOf(cell(r)));
    return { name: spec.name, type: 'number', values };
  }
  const places = new Map(spec.categories.map((text, place) => [text, place]));
  const codes = Int32Array.from({ length: rows }, (_, r) => {
    const value = cell(r);
    return isKnown(value) ? (places.get(String(value)) ?? -1) : -1;
  });
  return { name: spec.name, type: 'category', codes, categories: spec.categories };
}

const isKnown = (value: Cell): value is string | number | boolean =>
  value !== null && value !== undefined && !(typeof value === 'number' && !Number.isFinite(value));

function numberOf(value: Cell): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

export function specsOf(table: Table): ColumnSpec[] {
  return table.columns.map((column) =>
    column.type === 'number'
      ? { name: column.name, type: 'number' }
      : { name: column.name, type: 'category', categories: column.categories },
  );
}

/** Some of the rows, in the order given; one may come more than once. */
export function takeRows(table: Table, rows: Int32Array): Table {
  return {
    rows: rows.length,
    columns: table.columns.map((column) =>
      column.type === 'number'
        ? { ...column, values: Float64Array.from(rows, (r) => column.values[r] as number) }
        : { ...column, codes: Int32Array.from(rows, (r) => column.codes[r] as number) },
    ),
  };
}

/** Without those of the columns that are not named, in the order of the names. @throws Error for a name that is not there. */
export function takeColumns(table: Table, names: readonly string[]): Table {
  const columns = names.map((name) => {
    const column = table.columns.find((one) => one.name === name);
    if (!column) throw new Error(`there is no column ${name}`);
    return column;
  });
  return { rows: table.rows, columns };
}

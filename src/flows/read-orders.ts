import { fileProblem } from '../files/file-problem.js';
import type { CsvLayout } from '../files/header.js';
import { didYouMean, quoted } from '../files/closest-name.js';
import { openFile, type OpenOptions } from '../files/open-file.js';
import { maxRowBytes } from '../files/read-rows.js';
import { readCsvRows } from '../files/read-csv-rows.js';
import type { Behaviour, History } from '../profiles/history.js';

/** Which columns of a file of order lines say what. */
export interface OrderColumns {
  readonly recipient: string;
  readonly time: string;
  /** What the line is worth. */
  readonly value?: string;
  /** Pieces: a line of none or fewer is a return. */
  readonly quantity?: string;
  /** Of the order: one that begins with C is cancelled. */
  readonly order?: string;
  readonly item?: string;
  /** `COLUMN`, or `COLUMN:2` for its first two signs; of the items, where there is a file of them. */
  readonly category?: string;
}

export interface OrdersFile extends CsvLayout {
  readonly path: string;
  readonly columns: OrderColumns;
  /** A file of items, by the column of the item in both. */
  readonly items?: string;
}

export interface ReadOrders {
  /** By recipient, in order of their ids; each by time. */
  readonly histories: ReadonlyMap<string, History>;
  readonly lines: number;
  readonly used: number;
  /** Lines that were left out, by the reason. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Lines of items that stand in no category: they count as purchases all the same. */
  readonly uncategorised: number;
  readonly first: number;
  readonly last: number;
}

/** Stands for whatever the amounts are in: ISO 4217 has it for no currency. */
export const unsaidCurrency = 'XXX';

type Row = Readonly<Record<string, string | undefined>>;

/** Order lines as what recipients did. @throws bad_input for a file without these columns, or without a line to use. */
export async function readOrders(file: OrdersFile, options: OpenOptions): Promise<ReadOrders> {
  const { columns } = file;
  const [categoryColumn, signs] = splitCategory(columns.category);
  const ofItem = file.items === undefined ? undefined : await readItems(file, categoryColumn, options);
  const wanted = [
    ...[columns.recipient, columns.time, columns.value, columns.quantity, columns.order, columns.item],
    ofItem ? undefined : categoryColumn,
  ].filter((name) => name !== undefined);
  const categoryOf = (row: Row): string | undefined => {
    const text = ofItem ? ofItem.get(row[columns.item ?? ''] ?? '') : row[categoryColumn ?? ''];
    return text === undefined ? undefined : text.slice(0, signs);
  };
  const orders = new GatheredOrders(columns, categoryOf);
  for await (const row of textRows(file.path, wanted, file, options)) orders.take(row);
  if (orders.used === 0)
    throw fileProblem('no_rows', `${quoted(file.path)} holds no order that could be used.`);
  return orders.read();
}

/** What the lines so far come to. */
class GatheredOrders {
  used = 0;
  readonly #columns: OrderColumns;
  readonly #categoryOf: (row: Row) => string | undefined;
  readonly #histories = new Map<string, Behaviour[]>();
  readonly #leftOut = new Map<string, number>();
  readonly #seen = new Set<string>();
  #lines = 0;
  #uncategorised = 0;
  #first = Infinity;
  #last = -Infinity;

  constructor(columns: OrderColumns, categoryOf: (row: Row) => string | undefined) {
    this.#columns = columns;
    this.#categoryOf = categoryOf;
  }

  /** Undefined: a line that cannot be read. */
  take(row: Row | undefined): void {
    this.#lines += 1;
    const line = row && lineOf(row, this.#columns);
    if (!line) this.#leave('the line cannot be read');
    else if ('reason' in line) this.#leave(line.reason);
    else if (this.#seen.size === this.#seen.add(JSON.stringify(row)).size)
      this.#leave('the same line stands there before');
    else this.#keep(line, this.#categoryOf(row));
  }

  #keep({ recipient, at, event }: UsableLine, category: string | undefined): void {
    this.used += 1;
    this.#first = Math.min(this.#first, at);
    this.#last = Math.max(this.#last, at);
    if (category === undefined) this.#uncategorised += 1;
    const whole = { ...event, id: String(this.#lines), ...(category !== undefined && { category }) };
    const known = this.#histories.get(recipient);
    if (known) known.push(whole);
    else this.#histories.set(recipient, [whole]);
  }

  #leave(reason: string): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1);
  }

  read(): ReadOrders {
    for (const history of this.#histories.values())
      history.sort((a, b) => a.at - b.at || Number(a.id) - Number(b.id));
    return {
      histories: new Map([...this.#histories].sort(([a], [b]) => (a < b ? -1 : 1))),
      ...{ lines: this.#lines, used: this.used, leftOut: this.#leftOut },
      ...{ uncategorised: this.#uncategorised, first: this.#first, last: this.#last },
    };
  }
}

interface UsableLine {
  readonly recipient: string;
  readonly at: number;
  readonly event: Omit<Behaviour, 'id' | 'category'>;
}

/** What a line says, or why it is left out. */
function lineOf(row: Row, columns: OrderColumns): UsableLine | { readonly reason: string } {
  const recipient = row[columns.recipient]?.trim() ?? '';
  if (recipient === '') return { reason: 'no recipient' };
  const at = timeOf(row[columns.time]);
  if (at === undefined) return { reason: 'the time cannot be read' };
  const order = columns.order === undefined ? undefined : row[columns.order];
  if (order !== undefined && /^c/i.test(order)) return { reason: 'cancelled (the order begins with C)' };
  const pieces = numberOf(row, columns.quantity);
  if (pieces !== undefined && !(pieces > 0)) return { reason: 'returned (no pieces, or fewer)' };
  const value = numberOf(row, columns.value);
  if (value !== undefined && !Number.isFinite(value)) return { reason: 'the value is no number' };
  const item = columns.item === undefined ? undefined : row[columns.item];
  const event = {
    ...{ type: 'purchase', at },
    ...(value !== undefined && { value: Math.round(value * 100), currency: unsaidCurrency }),
    ...(order !== undefined && { order }),
    ...(item !== undefined && { item }),
  };
  return { recipient, at, event };
}

/** Undefined: there is no such column. Not a number: it says none. */
function numberOf(row: Row, column: string | undefined): number | undefined {
  if (column === undefined) return undefined;
  const text = row[column];
  return text === undefined ? NaN : Number(text);
}

/** ISO 8601 with or without T; without a zone it is taken as UTC. */
export function timeOf(text: string | undefined): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(
    text?.trim() ?? '',
  );
  if (!parts) return undefined;
  const [, day, hour = '00:00:00', zone = 'Z'] = parts;
  const at = Date.parse(`${day}T${hour}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}

function splitCategory(text: string | undefined): [column: string | undefined, signs: number | undefined] {
  const [, column, signs] = /^(.+):([1-9]\d?)$/.exec(text ?? '') ?? [];
  return column === undefined ? [text, undefined] : [column, Number(signs)];
}

async function readItems(
  { items = '', columns: { item } }: OrdersFile,
  category: string | undefined,
  options: OpenOptions,
): Promise<Map<string, string>> {
  if (item === undefined || category === undefined)
    throw fileProblem(
      'columns',
      'A file of items needs --item and --category, the columns that say which is in which.',
    );
  const found = new Map<string, string>();
  for await (const row of textRows(items, [item, category], {}, options)) {
    const [id, name] = [row?.[item], row?.[category]];
    if (id !== undefined && name !== undefined) found.set(id, name);
  }
  return found;
}

/** The wanted columns of every line as text, empty ones left out; undefined for a line that cannot be read. */
async function* textRows(
  path: string,
  wanted: readonly string[],
  { delimiter, header }: CsvLayout,
  options: OpenOptions,
): AsyncGenerator<Row | undefined> {
  const file = await openFile(path, options);
  const shape = { text: wanted, scalar: [], object: '\0others', othersIntoObject: true };
  const choices = { size: 5_000, maxRowBytes, delimiter, header };
  let isChecked = false;
  for await (const batch of readCsvRows(file.chunks, shape, choices)) {
    if (!isChecked) checkColumns(path, wanted, batch);
    isChecked = true;
    for (const row of batch) yield row.ok ? (row.value as Row) : undefined;
  }
}

/** A column of which the first thousands of lines say nothing is not there. */
function checkColumns(
  path: string,
  wanted: readonly string[],
  rows: readonly { ok: boolean; value?: unknown }[],
): void {
  const names = new Set<string>();
  for (const { value } of rows) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, field] of Object.entries(value as Record<string, unknown>)) {
      if (name !== '\0others') names.add(name);
      else for (const other of Object.keys(field as object)) names.add(other);
    }
  }
  const missing = wanted.find((name) => !names.has(name));
  if (missing === undefined) return;
  throw fileProblem(
    'columns',
    `${quoted(path)} has no column ${quoted(missing)}, or nothing in it.${didYouMean(missing, [...names])}`,
  );
}

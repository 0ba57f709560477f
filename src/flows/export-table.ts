import { join } from 'node:path';
import { badInput } from '../errors.js';
import { csvWriter } from '../files/csv-writer.js';
import { ndjsonWriter } from '../files/ndjson-writer.js';
import { parquetWriter } from '../files/parquet-writer.js';
import type { OutFormat, OutRow, RowWriter, Sink } from '../files/row-writer.js';
import { WholeFile } from '../files/whole-file.js';
import type { Context } from './context.js';
import { dataSchemaVersion, exportColumns, type ExportTable } from './data-schema.js';
import { daysOf } from './export-range.js';
import { type ExportRange, exportRows } from './export-rows.js';

export interface ExportRequest {
  readonly table: ExportTable;
  readonly range: ExportRange;
  readonly format: OutFormat;
}

/** Where it goes: to whoever takes bytes, into a file, or into a folder with a folder per day. */
export type ExportTarget =
  | { readonly kind: 'sink'; readonly sink: Sink }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string };

export interface ExportOptions {
  readonly signal?: AbortSignal;
  readonly onRows?: (rows: number) => void;
}

export interface ExportResult {
  readonly rows: number;
  readonly files: number;
}

const mostDays = 5_000;

/** The time that says on which day a row stands. */
const dayColumn: Readonly<Record<ExportTable, string>> = {
  assignments: 'enrolled_at',
  events: 'received_at',
  facts: 'enrolled_at',
  cells: 'enrolled_day',
};

/**
 * Exports one table. The same range of the same rows gives the same bytes. Files are there whole or not at all; of a folder
 * every day of the range is written anew, also those without rows.
 */
export async function exportTable(
  ctx: Context,
  request: ExportRequest,
  target: ExportTarget,
  { signal, onRows }: ExportOptions = {},
): Promise<ExportResult> {
  const output = await outputOf(request, target);
  let count = 0;
  try {
    await exportRows(ctx, request.table, request.range, async (rows) => {
      signal?.throwIfAborted();
      await output.write(rows);
      count += rows.length;
      onRows?.(count);
    });
    const files = await output.end();
    return { rows: count, files };
  } catch (error) {
    await output.discard();
    throw error;
  }
}

interface Output {
  write(rows: readonly OutRow[]): Promise<void>;
  /** @returns the number of files. */
  end(): Promise<number>;
  /** Leaves no half-written file. */
  discard(): Promise<void>;
}

async function outputOf(request: ExportRequest, target: ExportTarget): Promise<Output> {
  if (target.kind === 'folder') return new DayFolders(request, target.path);
  if (target.kind === 'file') return fileOutput(request, target.path);
  const writer = writerOf(request, target.sink);
  return {
    write: (rows) => writer.write(rows),
    end: () => writer.end().then(() => 0),
    discard: () => Promise.resolve(),
  };
}

async function fileOutput(request: ExportRequest, path: string): Promise<Output> {
  const file = await WholeFile.begin(path);
  const writer = writerOf(request, file.write);
  return {
    write: (rows) => writer.write(rows),
    async end() {
      await writer.end();
      await file.commit();
      return 1;
    },
    discard: () => file.discard(),
  };
}

function writerOf({ table, format }: ExportRequest, sink: Sink): RowWriter {
  const columns = exportColumns[table];
  switch (format) {
    case 'csv':
      return csvWriter(columns, sink);
    case 'ndjson':
      return ndjsonWriter(columns, sink);
    case 'parquet':
      return parquetWriter(columns, sink, {
        'postulate.table': table,
        'postulate.schema': String(dataSchemaVersion),
      });
  }
}

/** `FOLDER/events/day=2026-03-01/part-0.csv`: the layout that warehouses read as a table with the column `day`. */
class DayFolders implements Output {
  readonly #request: ExportRequest;
  readonly #folder: string;
  readonly #daysLeft: string[];
  #day: string | undefined;
  #output: Output | undefined;
  #files = 0;

  constructor(request: ExportRequest, folder: string) {
    const { experiment } = request.range;
    this.#request = request;
    this.#folder = join(
      folder,
      request.table,
      ...(experiment === undefined ? [] : [`experiment=${experiment}`]),
    );
    this.#daysLeft = daysOf(request.range);
    if (this.#daysLeft.length > mostDays) {
      throw badInput('invalid_range', `At most ${mostDays} days are exported into a folder at once.`);
    }
  }

  async write(rows: readonly OutRow[]): Promise<void> {
    let from = 0;
    for (let i = 1; i <= rows.length; i++) {
      const day = this.#dayOf(rows[from]);
      if (i < rows.length && this.#dayOf(rows[i]) === day) continue;
      await this.#turnTo(day);
      await this.#output?.write(rows.slice(from, i));
      from = i;
    }
  }

  async end(): Promise<number> {
    await this.#endDay();
    while (this.#daysLeft.length > 0) await this.#emptyDay();
    return this.#files;
  }

  async discard(): Promise<void> {
    await this.#output?.discard();
  }

  #dayOf(row: OutRow | undefined): string {
    return String(row?.[dayColumn[this.#request.table]]).slice(0, 10);
  }

  async #turnTo(day: string): Promise<void> {
    if (day === this.#day) return;
    await this.#endDay();
    while ((this.#daysLeft[0] ?? day) < day) await this.#emptyDay();
    if (this.#daysLeft[0] === day) this.#daysLeft.shift();
    await this.#begin(day);
  }

  async #emptyDay(): Promise<void> {
    await this.#begin(this.#daysLeft.shift() ?? '');
    await this.#endDay();
  }

  async #begin(day: string): Promise<void> {
    this.#day = day;
    const path = join(this.#folder, `day=${day}`, `part-0.${this.#request.format}`);
    this.#output = await fileOutput(this.#request, path);
  }

  async #endDay(): Promise<void> {
    this.#files += (await this.#output?.end()) ?? 0;
    this.#output = undefined;
  }
}

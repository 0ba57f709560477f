import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { beginImport, type ImportCounts, type StoredImport, updateImport } from '../database/imports.js';
import type { ColumnChoices } from '../files/csv-fields.js';
import type { FileRow } from '../files/file-row.js';
import { fingerprint } from '../files/fingerprint.js';
import { openFile } from '../files/open-file.js';
import { readAhead } from '../files/read-ahead.js';
import { readRows, type RowFormat } from '../files/read-rows.js';
import { RefusedFile, type RefusedRow } from '../files/refused-file.js';
import type { Context } from './context.js';
import type { ImportKind } from './data-schema.js';
import { type Keyed, prepareRow, type RowProblem, type RowRules, shapeOf } from './import-rows.js';

export interface ImportRequest extends ColumnChoices, Partial<RowRules> {
  readonly kind: ImportKind;
  /** `-` is standard input, which cannot be continued after an interruption, only read again. */
  readonly path: string;
  /** What the rows are said to come from; `import:` and the name of the file unless given. */
  readonly source?: string;
  /** Where refused rows go; the file's name and `.refused.ndjson` unless given. */
  readonly refusedPath?: string;
  /** From the beginning, although this file was read before. */
  readonly again?: boolean;
  /** Found out from how the file begins when they are not given. */
  readonly format?: RowFormat;
  readonly delimiter?: string;
}

/** What became of a row; `index` is its place among those that were given. */
export interface RowAnswer {
  readonly index: number;
  readonly status: 'recorded' | 'duplicate' | 'waiting' | 'unchanged' | 'refused';
  readonly error?: RowProblem;
}

/** Records a batch of rows whole or not at all, with an answer for each. */
export type RecordRows = (rows: readonly unknown[]) => Promise<readonly RowAnswer[]>;

export interface ImportOptions {
  /** @param source as said in the request, or its default. */
  readonly recorder: (source: string) => RecordRows;
  readonly stdin?: Readable;
  /** Ends the import after the batch that is being recorded. */
  readonly signal?: AbortSignal;
  /** Called as bytes are read; `total` is unknown for standard input. */
  readonly onProgress?: (read: number, total: number | undefined) => void;
  /** Called once, when the file goes on where it was left. */
  readonly onContinue?: (rowsDone: number) => void;
  /** Rows in a batch. */
  readonly batchRows?: number;
}

export interface ImportResult {
  /** Rows of the file that are done, those of earlier runs included. */
  readonly rows: number;
  readonly counts: Omit<ImportCounts, 'refusedBytes'>;
  readonly refusedPath: string;
  readonly interrupted: boolean;
  /** When the whole file had been read before: then nothing was read now. */
  readonly doneBefore?: Date;
}

const batchRows = 5_000;
const nothing: ImportCounts = {
  recorded: 0,
  duplicate: 0,
  waiting: 0,
  unchanged: 0,
  refused: 0,
  refusedBytes: 0,
};

/**
 * Records the rows of a file, batch by batch, in flat memory. Interrupted, it goes on after the last batch that was
 * recorded; a batch that was recorded and not noted is read again, which changes nothing, since rows have ids.
 *
 * @throws bad_input with a code `file_…` when the file as a whole cannot be read.
 */
export async function importFile(
  ctx: Context,
  request: ImportRequest,
  options: ImportOptions,
): Promise<ImportResult> {
  const name = request.path === '-' ? 'stdin' : basename(request.path);
  const source = request.source ?? `import:${name}`;
  const refusedPath = request.refusedPath ?? refusedPathOf(request.path);
  const before = await stateBefore(ctx, request, name, source);
  if (before.finishedAt) {
    const { rowsDone: rows, counts, finishedAt } = before;
    return { rows, counts, refusedPath, interrupted: false, doneBefore: finishedAt };
  }
  const run = new ImportRun(ctx, request, options.recorder(source), refusedPath, before);
  if (run.rows > 0) options.onContinue?.(run.rows);
  try {
    return await run.read(options);
  } finally {
    await run.close();
  }
}

type Before = Omit<StoredImport, 'id'> & { readonly id: string | undefined };

async function stateBefore(
  ctx: Context,
  { kind, path, again }: ImportRequest,
  name: string,
  source: string,
): Promise<Before> {
  const fresh = { rowsDone: 0, counts: nothing, finishedAt: undefined };
  const known = path === '-' ? undefined : await fingerprint(path);
  if (known === undefined) return { id: undefined, ...fresh };
  const file = { id: ctx.newId(), kind, name, fingerprint: known, source, counts: nothing };
  const stored = await beginImport(ctx.db, file, ctx.clock());
  return again === true ? { ...stored, ...fresh } : stored;
}

function refusedPathOf(path: string): string {
  return `${path === '-' ? 'stdin' : path}.refused.ndjson`;
}

/** One reading of one file. */
class ImportRun {
  readonly #ctx: Context;
  readonly #request: ImportRequest;
  readonly #record: RecordRows;
  readonly #rules: RowRules;
  readonly #keyed: Keyed;
  readonly #refused: RefusedFile;
  readonly #id: string | undefined;
  #counts: ImportCounts;
  /** Rows done. */
  rows: number;

  constructor(ctx: Context, request: ImportRequest, record: RecordRows, refusedPath: string, before: Before) {
    this.#ctx = ctx;
    this.#request = request;
    this.#record = record;
    this.#rules = { type: request.type ?? 'converted', idFromContent: request.idFromContent ?? false };
    this.#keyed = (text) => ctx.pseudonyms.recipientKey(text);
    this.#refused = new RefusedFile(refusedPath, before.counts.refusedBytes);
    this.#id = before.id;
    this.#counts = before.counts;
    this.rows = before.rowsDone;
  }

  async read(options: ImportOptions): Promise<ImportResult> {
    const { kind, path, format, delimiter, ignore, asText } = this.#request;
    const { signal, batchRows: size = batchRows } = options;
    let toSkip = this.rows;
    const stopped = (): boolean => signal?.aborted === true;
    try {
      const file = await openFile(path, options);
      const batches = readRows(file, shapeOf(kind), { size, format, delimiter, ignore, asText });
      for await (const batch of readAhead(batches)) {
        const skipped = Math.min(toSkip, batch.length);
        toSkip -= skipped;
        if (skipped < batch.length) await this.#recordBatch(batch.slice(skipped));
        if (stopped()) return this.#result(true);
      }
    } catch (error) {
      // The reading itself was interrupted: what was recorded before is noted.
      if (stopped()) return this.#result(true);
      throw error;
    }
    await this.#note(this.#ctx.clock());
    return this.#result(false);
  }

  async close(): Promise<void> {
    await this.#refused.close();
  }

  async #recordBatch(batch: readonly FileRow[]): Promise<void> {
    const refused: RefusedRow[] = [];
    const good: { readonly from: FileRow & { ok: true }; readonly row: unknown }[] = [];
    for (const row of batch) {
      if (!row.ok) {
        refused.push({ line: row.line, code: row.code, message: row.message, row: row.start });
        continue;
      }
      const prepared = prepareRow(this.#request.kind, row.value, this.#rules, this.#keyed);
      if (prepared.ok) good.push({ from: row, row: prepared.row });
      else refused.push(refusedRow(row, prepared.problem));
    }
    const counts = { ...this.#counts };
    const answers = good.length > 0 ? await this.#record(good.map((one) => one.row)) : [];
    for (const { index, status, error } of answers) {
      const from = good[index]?.from;
      if (status !== 'refused') counts[status] += 1;
      else if (from) refused.push(refusedRow(from, error ?? { code: 'refused', message: 'no reason given' }));
    }
    refused.sort((a, b) => a.line - b.line);
    await this.#refused.write(refused);
    counts.refused += refused.length;
    this.#counts = { ...counts, refusedBytes: this.#refused.bytes };
    this.rows += batch.length;
    await this.#note(null);
  }

  async #note(finishedAt: Date | null): Promise<void> {
    if (this.#id === undefined) return;
    const done = { rowsDone: this.rows, counts: this.#counts, finishedAt };
    await updateImport(this.#ctx.db, this.#id, done, this.#ctx.clock());
  }

  #result(interrupted: boolean): ImportResult {
    const { refusedBytes: _, ...counts } = this.#counts;
    return { rows: this.rows, counts, refusedPath: this.#refused.path, interrupted };
  }
}

function refusedRow(
  { line, value }: FileRow & { ok: true },
  { code, path, message }: RowProblem,
): RefusedRow {
  return { line, code, ...(path !== undefined && { path }), message, row: value };
}

import type { Readable } from 'node:stream';
import { badInput } from '../errors.js';
import { distinctPairs } from '../evaluation/ranking/distinct-pairs.js';
import { heldOut, type Split } from '../evaluation/ranking/split.js';
import type { CsvLayout } from '../files/header.js';
import { openFile } from '../files/open-file.js';
import {
  type FileRead,
  type InteractionColumns,
  type InteractionLog,
  readInteractions,
} from '../files/read-interactions.js';

/** How a file of interactions is to be split. */
export type SplitRequest = Split | { readonly kind: 'file'; readonly path: string };

export interface DataRequest extends CsvLayout {
  /** `-` is standard input. */
  readonly path: string;
  readonly columns: InteractionColumns;
  readonly split: SplitRequest;
}

export interface ReadingOptions {
  readonly stdin?: Readable;
  readonly signal?: AbortSignal;
  readonly onProgress?: (read: number, total: number | undefined) => void;
}

/** Interactions of a file, each pair once, and which of them are held out. */
export interface SplitData extends Pick<
  InteractionLog,
  'recipients' | 'items' | 'order' | 'recipientOf' | 'itemOf' | 'times' | 'ratings'
> {
  /** Rows that are left, in the order of recipients, then items: the columns have these only. */
  readonly isHeldOut: Uint8Array;
  readonly files: readonly FileRead[];
  /** Rows that said again what another one says. */
  readonly repeated: number;
}

/**
 * @throws bad_input with a code `file_…` where a file cannot be used; `no_time` where the split needs a column that is not
 * named.
 */
export async function readSplit(
  request: DataRequest,
  options: ReadingOptions,
  items: readonly string[] = [],
): Promise<SplitData> {
  const { columns, split, delimiter, header } = request;
  checkTime(request);
  const paths = split.kind === 'file' ? [request.path, split.path] : [request.path];
  const files = await Promise.all(paths.map((path) => openFile(path, options)));
  const log = await readInteractions(files, columns, { delimiter, header, items });
  const { second, times } = log;
  const pairs = { recipients: log.recipientOf, items: log.itemOf, second, ...(times && { times }) };
  const kept = distinctPairs(pairs, columns.rating === undefined || split.kind === 'file' ? 'first' : 'last');
  const rows = rowsOf(log, kept);
  return {
    recipients: log.recipients,
    items: log.items,
    order: log.order,
    files: log.files,
    recipientOf: rows.recipients,
    itemOf: rows.items,
    isHeldOut: split.kind === 'file' ? rows.second : heldOut(rows, split),
    ...(rows.times && { times: rows.times }),
    ...(rows.ratings && { ratings: rows.ratings }),
    repeated: log.itemOf.length - kept.length,
  };
}

function checkTime({ columns, split }: DataRequest): void {
  if (columns.time !== undefined || split.kind === 'random-fifth' || split.kind === 'file') return;
  throw badInput(
    'no_time',
    'A split by time needs a column that says when: name it with --time, or choose --split random-fifth.',
  );
}

function rowsOf(log: InteractionLog, kept: Int32Array) {
  const { times, ratings } = log;
  return {
    recipients: kept.map((row) => log.recipientOf[row] as number),
    items: kept.map((row) => log.itemOf[row] as number),
    second: Uint8Array.from(kept, (row) => log.second[row] as number),
    ...(times && { times: Float64Array.from(kept, (row) => times[row] as number) }),
    ...(ratings && { ratings: Float64Array.from(kept, (row) => ratings[row] as number) }),
  };
}

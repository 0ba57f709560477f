import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addAbortSignal, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PostulateError } from '../errors.js';
import { quoted } from './closest-name.js';
import { fileProblem } from './file-problem.js';

/** A file (or standard input) as plain bytes, unpacked when it is gzip, whatever its name says. */
export interface OpenFile {
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
  /** The most bytes of text that may still follow; undefined when that cannot be told. */
  remaining(): number | undefined;
}

export interface OpenOptions {
  readonly stdin?: Readable;
  /** Called as bytes are read from the disk; `total` is unknown for standard input. */
  readonly onProgress?: (read: number, total: number | undefined) => void;
  readonly signal?: AbortSignal;
}

const chunkBytes = 256 * 1024;
/** Deflate never packs better than this. */
const mostPacked = 1032;
/** Nothing that was written by people or programs packs that well; looked at after the first megabytes. */
const bombRatio = 1_000;
const bombChecked = 10_000_000;

export async function openFile(path: string, options: OpenOptions = {}): Promise<OpenFile> {
  const stdin = path === '-' ? options.stdin : undefined;
  const total = stdin ? undefined : await sizeOf(path);
  const source = stdin
    ? stoppable(stdin, options.signal)
    : createReadStream(path, { highWaterMark: chunkBytes, signal: options.signal });
  let read = 0;
  const count = (bytes: number): void => {
    read += bytes;
    options.onProgress?.(read, total);
  };
  const bytes = counted(source, count)[Symbol.asyncIterator]();
  const head = await firstBytes(bytes, path);
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  refuseOtherFormats(head);
  const all = withHead(head, bytes);
  return {
    name: stdin ? 'standard input' : basename(path),
    chunks: readable(packed ? unpacked(all, path, () => read) : all, path),
    remaining: () =>
      total === undefined ? undefined : Math.max(0, total - read) * (packed ? mostPacked : 1),
  };
}

/** Standard input that ends with an error when the user interrupts. */
function stoppable(stdin: Readable, signal: AbortSignal | undefined): AsyncIterable<Buffer> {
  return signal ? addAbortSignal(signal, stdin) : stdin;
}

/** Bytes of a file; undefined for what is none: a pipe, say. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const file = await stat(path);
    if (file.isDirectory()) throw fileProblem('unreadable', `${quoted(path)} is a folder, not a file.`);
    return file.isFile() ? file.size : undefined;
  } catch (error) {
    throw readingProblem(error, path);
  }
}

async function* counted(source: AsyncIterable<Buffer>, count: (bytes: number) => void) {
  for await (const chunk of source) {
    count(chunk.length);
    yield chunk;
  }
}

/** Enough bytes to know the format; fewer only when the file is shorter. */
async function firstBytes(bytes: AsyncIterator<Buffer>, path: string): Promise<Buffer> {
  let head = Buffer.alloc(0);
  try {
    while (head.length < 4) {
      const next = await bytes.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
  } catch (error) {
    throw readingProblem(error, path);
  }
  return head;
}

/** The bytes that were looked at, and all that follow. */
export async function* withHead(head: Buffer, bytes: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) yield next.value;
  } finally {
    await bytes.return?.();
  }
}

async function* unpacked(
  packed: AsyncIterable<Buffer>,
  path: string,
  packedBytes: () => number,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  // Errors of the source end the unpacking, and surface in the loop below.
  pipeline(packed, gunzip, () => undefined);
  let bytes = 0;
  for await (const chunk of gunzip) {
    bytes += (chunk as Buffer).length;
    if (bytes > bombChecked && bytes > bombRatio * packedBytes()) throw bomb(path);
    yield chunk as Buffer;
  }
}

function bomb(path: string): Error {
  return fileProblem(
    'gzip_bomb',
    `${quoted(path)} unpacks to more than ${bombRatio.toLocaleString('en-US')} times its size: that is no data but an attempt to fill memory. Nothing more is read of it.`,
  );
}

async function* readable(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    throw readingProblem(error, path);
  }
}

function refuseOtherFormats(head: Buffer): void {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) {
    throw fileProblem(
      'encoding',
      'The file is UTF-16. Save it as UTF-8 (in Excel: “CSV UTF-8”) and try again.',
    );
  }
  if (starts(0x50, 0x4b, 0x03, 0x04)) {
    throw fileProblem(
      'format',
      'This is a ZIP archive or an Excel workbook. Save the sheet as CSV, or unpack it first.',
    );
  }
}

/** An error of the file system as a sentence about the file. */
export function readingProblem(error: unknown, path: string): unknown {
  if (error instanceof PostulateError || !(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const name = quoted(path);
  if (code === 'ENOENT') return fileProblem('not_found', `There is no file ${name}.`);
  if (code === 'EACCES' || code === 'EPERM') return fileProblem('unreadable', `${name} may not be read.`);
  if (code === 'Z_BUF_ERROR')
    return fileProblem('truncated', `${name} ends in the middle of its gzip data: copy or pack it again.`);
  if (code.startsWith('Z_'))
    return fileProblem('corrupt', `${name} is damaged gzip data (${error.message}): copy or pack it again.`);
  return error;
}

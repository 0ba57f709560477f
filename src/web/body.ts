import { type Readable, Transform } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { Request } from 'express';
import { badInput, PostulateError } from '../errors.js';
import { rowsWithMistakes } from '../files/json-rows.js';
import { jsonMistake, structureProblem } from '../files/parse-json.js';
import { parseYaml, type Place } from '../files/parse-yaml.js';
import type { Line } from '../files/read-lines.js';
import { HttpProblem } from './http-problem.js';
import { maybeUnstorable, unstorableParts } from './storable.js';

/** Bytes that a packed body may unpack to without further questions; beyond, at most so many times what was sent. */
const SWELLS_FREELY = 32_000_000;
const MOST_SWELLING = 200;

/** The media type of the body, in lower case and without parameters. */
export function contentTypeOf(request: Request): string {
  const [type] = (request.headers['content-type'] ?? '').split(';');
  return (type ?? '').trim().toLowerCase();
}

export function isJson(request: Request): boolean {
  const type = contentTypeOf(request);
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}

export function wrongContentType(...accepted: readonly string[]): HttpProblem {
  return new HttpProblem(
    415,
    'content_type_wrong',
    `Send the body with Content-Type: ${accepted.join(' or ')}.`,
  );
}

/** The bytes of the body, unpacked where they were sent with gzip. */
export function bodyBytes(request: Request): Readable {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return request;
  if (encoding !== 'gzip') {
    throw new HttpProblem(415, 'encoding_unknown', 'Send the body plain or with Content-Encoding: gzip.');
  }
  const unpacked = createGunzip();
  request.on('error', (error) => unpacked.destroy(error)).on('aborted', () => unpacked.destroy());
  return cutBombs(request.pipe(unpacked));
}

/**
 * Ends the unpacking of what swells beyond anything that rows do: a list of rows packs to a tenth, or a thirtieth if they are
 * much alike, and a parcel made to hurt to a thousandth.
 */
function cutBombs(unpacked: Gunzip): Readable {
  let size = 0;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      size += chunk.length;
      const swells = size > SWELLS_FREELY && size > unpacked.bytesWritten * MOST_SWELLING;
      pass(swells ? gzipSwells() : null, chunk);
    },
  });
  unpacked.on('error', (error) => guard.destroy(error));
  guard.on('close', () => unpacked.destroy());
  return unpacked.pipe(guard);
}

/** Reads a JSON body whole. */
export async function readJson(request: Request, limits: { maxBytes: number }): Promise<unknown> {
  const { text, value } = await readText(request, limits.maxBytes);
  if (maybeUnstorable(text)) {
    const problems = unstorableParts(value);
    if (problems.length > 0)
      throw badInput('text_unstorable', 'The body contains text that cannot be stored.', problems);
  }
  const mistake = structureProblem(text);
  if (mistake) throw mistaken(mistake);
  return value;
}

/** Media types of YAML: the registered one, and those from before there was one. */
export const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'] as const;

/** Half a second of reading, in which the service answers nobody else. */
const longestYaml = 250_000;

/** A body that was read whole. */
export interface Document {
  readonly value: unknown;
  /** The place of a path in words, `line 3, column 7`, where the body has lines that people look at. */
  readonly placeOf?: (path: string) => string;
}

/** Reads a body of JSON or YAML whole, the latter as files of rules are read. */
export async function readDocument(request: Request, limits: { maxBytes: number }): Promise<Document> {
  if (!(yamlTypes as readonly string[]).includes(contentTypeOf(request))) {
    if (!isJson(request)) throw wrongContentType('application/json', 'application/yaml');
    return { value: await readJson(request, limits) };
  }
  const document = documentOf(decodeUtf8(await readWhole(request, limits.maxBytes)));
  const problems = unstorableParts(document.value);
  if (problems.length > 0)
    throw badInput('text_unstorable', 'The body contains text that cannot be stored.', problems);
  return document;
}

/**
 * A text of YAML, or of JSON, which is YAML too.
 *
 * @throws bad_input `yaml_malformed` with line and column.
 */
export function documentOf(text: string): Document {
  if (text.length > longestYaml && !text.trimStart().startsWith('{')) {
    throw new HttpProblem(
      413,
      'yaml_too_large',
      `YAML may have at most ${longestYaml.toLocaleString('en')} characters, because it is slow to read; send the same as JSON.`,
    );
  }
  if (text.length > longestYaml) return { value: parseJson(text) };
  const parsed = parseYaml(text);
  if (parsed.ok) return { value: parsed.value, placeOf: (path) => inWords(parsed.placeOf(path)) };
  const problems = parsed.problems.map(({ message, ...place }) => ({ path: inWords(place), message }));
  throw badInput('yaml_malformed', 'This cannot be read as YAML or JSON.', problems);
}

/** What is wrong in a document, each thing with its place before its path. */
export async function withPlaces<T>({ placeOf }: Document, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw placeOf ? withPlace(error, placeOf) : error;
  }
}

/** An error whose problems say where they are; those without a place, and other errors, as they are. */
export function withPlace(error: unknown, placeOf: (path: string) => string | undefined): unknown {
  if (!(error instanceof PostulateError) || error.problems.length === 0) return error;
  const problems = error.problems.map(({ path, message }) => {
    const place = placeOf(path);
    return { path: [place, path].filter((part) => part !== undefined && part !== '').join(': '), message };
  });
  return new PostulateError(error.kind, error.code, error.message, problems);
}

function inWords({ line, column }: Place): string {
  return `line ${line}, column ${column}`;
}

/** A body with rows; `lines` where some of them cannot be used as they are written, so that each is answered by itself. */
export interface JsonRows {
  readonly body: unknown;
  readonly lines?: readonly Line[];
}

/**
 * Reads a JSON body that is a list of rows, or has one under `name`. What is in a row, text that cannot be stored too, is left
 * to whoever checks the rows.
 */
export async function readJsonRows(
  request: Request,
  { maxBytes, name }: { maxBytes: number; name: string },
): Promise<JsonRows> {
  const { text, value } = await readText(request, maxBytes);
  const mistake = structureProblem(text);
  if (!mistake) return { body: value };
  const lines = rowsWithMistakes(text, name);
  if (!lines) throw mistaken(mistake);
  return { body: value, lines };
}

async function readText(request: Request, maxBytes: number): Promise<{ text: string; value: unknown }> {
  if (!isJson(request)) throw wrongContentType('application/json');
  const text = decodeUtf8(await readWhole(request, maxBytes));
  return { text, value: parseJson(text) };
}

function mistaken({ code, message }: { code: string; message: string }): HttpProblem {
  return new HttpProblem(400, `json_${code}`, `The body ${message}.`);
}

export async function readWhole(request: Request, maxBytes: number): Promise<Buffer> {
  const tooLarge = (): HttpProblem =>
    new HttpProblem(
      413,
      'body_too_large',
      `The body may have at most ${maxBytes.toLocaleString('en')} bytes; send it in parts.`,
      {
        Connection: 'close',
      },
    );
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Without destroyOnReturn the socket lives on, so that the refusal can still be sent.
    for await (const chunk of bodyBytes(request).iterator({ destroyOnReturn: false })) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw tooLarge();
    }
  } catch (error) {
    throw isGzipError(error) ? gzipBroken() : error;
  }
  return Buffer.concat(chunks);
}

export function isGzipError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^Z_|^ERR_PADDING|^ERR_TRAILING_JUNK/.test(code);
}

function gzipSwells(): HttpProblem {
  return new HttpProblem(
    413,
    'gzip_swells',
    `The packed body unpacks to more than ${MOST_SWELLING} times its size, which no list of rows does; send it plain.`,
    { Connection: 'close' },
  );
}

export function gzipBroken(): HttpProblem {
  return new HttpProblem(400, 'gzip_broken', 'The body was sent as gzip but cannot be unpacked.');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Strict: bytes that are no UTF-8 would otherwise silently become another text, and another recipient. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new HttpProblem(400, 'not_utf8', 'The body is not valid UTF-8.');
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpProblem(400, 'json_malformed', `The body is not valid JSON: ${jsonMistake(error)}.`);
  }
}

import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Request } from 'express';
import { badInput } from '../errors.js';
import { jsonMistake } from '../files/parse-json.js';
import { HttpProblem } from './http-problem.js';
import { maybeUnstorable, unstorableParts } from './storable.js';

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
  return request.pipe(unpacked);
}

/** Reads a JSON body whole. With `rows`, text that cannot be stored is left to whoever checks the single rows. */
export async function readJson(
  request: Request,
  limits: { maxBytes: number; rows?: boolean },
): Promise<unknown> {
  if (!isJson(request)) throw wrongContentType('application/json');
  const text = decodeUtf8(await readWhole(request, limits.maxBytes));
  const value = parseJson(text);
  if (limits.rows !== true && maybeUnstorable(text)) {
    const problems = unstorableParts(value);
    if (problems.length > 0)
      throw badInput('text_unstorable', 'The body contains text that cannot be stored.', problems);
  }
  return value;
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

import type { Readable } from 'node:stream';
import { jsonMistake } from './body.js';
import { HttpProblem } from './http-problem.js';

/** One line of NDJSON: a value, or what is wrong with the line. */
export type Line = { readonly ok: true; readonly value: unknown; readonly text: string } | LineMistake;
export interface LineMistake {
  readonly ok: false;
  readonly code: 'line_malformed' | 'line_too_long' | 'line_not_utf8';
  readonly message: string;
}

const NEWLINE = 0x0a;
const MAX_BLANK_LINES = 100_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The lines of a stream in batches of up to `size`. Blank lines are skipped. A line that cannot be read is reported in
 * its place and never ends the stream; of one that is too long no more than the limit is kept in memory.
 */
export async function* readLines(
  bytes: Readable,
  limits: { size: number; maxLineBytes: number },
): AsyncGenerator<Line[]> {
  let batch: Line[] = [];
  let rest: Buffer[] = [];
  let restBytes = 0;
  let blankLines = 0;
  const endLine = (tail: Buffer): void => {
    restBytes += tail.length;
    const line =
      restBytes > limits.maxLineBytes
        ? tooLong(limits.maxLineBytes)
        : parseLine(Buffer.concat([...rest, tail]));
    if (line === undefined) blankLines += 1;
    else {
      batch.push(line);
      blankLines = 0;
    }
    // A small packed body can hold thousands of millions of them.
    if (blankLines > MAX_BLANK_LINES) throw tooManyBlankLines();
    rest = [];
    restBytes = 0;
  };
  for await (const chunk of bytes.iterator({ destroyOnReturn: false })) {
    let tail = chunk as Buffer;
    for (let at = tail.indexOf(NEWLINE); at !== -1; at = tail.indexOf(NEWLINE)) {
      endLine(tail.subarray(0, at));
      tail = tail.subarray(at + 1);
      if (batch.length === limits.size) {
        yield batch;
        batch = [];
      }
    }
    restBytes += tail.length;
    if (restBytes > limits.maxLineBytes) rest = [];
    else if (tail.length > 0) rest.push(tail);
  }
  if (restBytes > 0) endLine(Buffer.alloc(0));
  if (batch.length > 0) yield batch;
}

function parseLine(bytes: Buffer): Line | undefined {
  let text: string;
  try {
    text = utf8.decode(bytes).trim();
  } catch {
    return { ok: false, code: 'line_not_utf8', message: 'This line is not valid UTF-8.' };
  }
  if (text === '') return undefined;
  try {
    return { ok: true, value: JSON.parse(text), text };
  } catch (error) {
    return {
      ok: false,
      code: 'line_malformed',
      message: `This line is not valid JSON: ${jsonMistake(error)}.`,
    };
  }
}

function tooManyBlankLines(): HttpProblem {
  return new HttpProblem(400, 'too_many_blank_lines', 'The body has more than 100,000 blank lines in a row.');
}

function tooLong(maxBytes: number): LineMistake {
  return {
    ok: false,
    code: 'line_too_long',
    message: `A line may have at most ${maxBytes.toLocaleString('en')} bytes.`,
  };
}

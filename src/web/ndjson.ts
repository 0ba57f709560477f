import type { Readable } from 'node:stream';
import { type Line, readLines as readLinesOf } from '../files/read-lines.js';
import { HttpProblem } from './http-problem.js';

export type { Line } from '../files/read-lines.js';

/** The lines of a body in batches of up to `size`; the socket lives on, so that a refusal can still be sent. */
export function readLines(
  bytes: Readable,
  limits: { size: number; maxLineBytes: number },
): AsyncGenerator<Line[]> {
  const chunks = { [Symbol.asyncIterator]: () => bytes.iterator({ destroyOnReturn: false }) };
  return readLinesOf(chunks, { ...limits, tooManyBlank: tooManyBlankLines });
}

function tooManyBlankLines(): HttpProblem {
  return new HttpProblem(400, 'too_many_blank_lines', 'The body has more than 100,000 blank lines in a row.');
}

import { once } from 'node:events';
import type { Response } from 'express';
import { bodyBytes, gzipBroken, isGzipError } from '../body.js';
import { toProblem } from '../errors.js';
import { readLines, type Line } from '../ndjson.js';
import type { Call } from './route.js';

const BATCH = 1_000;
const MAX_LINE_BYTES = 256_000;

/**
 * NDJSON in, NDJSON out: batch by batch, in order, in flat memory. The next batch is read only when the client has
 * taken the answers to the last one; when the client is gone, the work stops.
 */
export async function answerStream(
  { web, request, response }: Call,
  answerBatch: (lines: readonly Line[], offset: number) => Promise<readonly object[]>,
): Promise<void> {
  let offset = 0;
  try {
    for await (const lines of readLines(bodyBytes(request), { size: BATCH, maxLineBytes: MAX_LINE_BYTES })) {
      const answers = await answerBatch(lines, offset);
      offset += lines.length;
      if (response.closed) return;
      if (!response.headersSent) response.type('application/x-ndjson');
      await write(response, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
    }
  } catch (caught) {
    const error = isGzipError(caught) ? gzipBroken() : caught;
    if (!response.headersSent || response.closed) throw error;
    // The status is sent already: the reason becomes the last line, and the cut connection says that it is not all.
    const { code, detail, errorId } = toProblem(error, web);
    web.ctx.log.error({ err: error, errorId, path: request.path, rows: offset }, 'A stream was cut off.');
    response.write(
      `${JSON.stringify({ aborted: { code, message: detail, errorId, rowsAnswered: offset } })}\n`,
      () => response.destroy(),
    );
    return;
  }
  if (!response.headersSent) response.type('application/x-ndjson');
  response.end();
}

/**
 * NDJSON out, batch by batch, no faster than the client takes it. What is wrong before the first row is an ordinary error;
 * later it cuts the connection, which says that this is not all.
 */
export async function answerRows(
  { web, request, response }: Call,
  batches: AsyncIterable<readonly object[]>,
): Promise<void> {
  try {
    for await (const rows of batches) {
      if (response.closed) return;
      if (!response.headersSent) response.type('application/x-ndjson');
      await write(response, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    }
  } catch (error) {
    if (!response.headersSent || response.closed) throw error;
    web.ctx.log.error({ err: error, path: request.path }, 'A list was cut off.');
    response.destroy();
    return;
  }
  if (!response.headersSent) response.type('application/x-ndjson');
  response.end();
}

async function write(response: Response, text: string): Promise<void> {
  if (response.write(text)) return;
  const gone = new AbortController();
  const stop = (): void => gone.abort();
  response.once('close', stop);
  await once(response, 'drain', { signal: gone.signal }).catch((error: unknown) => {
    if (!gone.signal.aborted) throw error;
  });
  response.off('close', stop);
}

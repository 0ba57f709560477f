import { z } from 'zod';
import { badInput } from '../../errors.js';
import { contentTypeOf, isJson, readJsonRows, wrongContentType } from '../body.js';
import type { Line } from '../ndjson.js';
import type { Call } from './route.js';
import { answerLines, rowErrorSchema } from './rows.js';
import { answerStream } from './stream.js';

const MAX_BYTES = 32_000_000;
export const MAX_ROWS = 10_000;

/** What became of one row of profiles or items. */
export const rowAnswerSchema = z.union([
  z.strictObject({ index: z.int(), id: z.string(), status: z.enum(['recorded', 'unchanged']) }),
  z.strictObject({
    index: z.int(),
    id: z.string().optional(),
    status: z.literal('refused'),
    error: rowErrorSchema,
  }),
]);
export type RowAnswer = z.infer<typeof rowAnswerSchema>;

export const rowListAnswerSchema = z.strictObject({
  recorded: z.int(),
  unchanged: z.int().describe('Older than what is known, or known already.'),
  refused: z.int(),
  results: z.array(rowAnswerSchema).describe('One per row, in order.'),
});

/** Answers one row, a list, `{"<name>": […]}`, or NDJSON as a stream, by recording every row by itself. */
export async function answerRowList(
  call: Call,
  name: 'profiles' | 'items',
  record: (rows: readonly unknown[], lines: readonly number[]) => Promise<readonly RowAnswer[]>,
): Promise<void> {
  const answerBatch = (batch: readonly Line[], offset: number): Promise<RowAnswer[]> =>
    answerLines(
      batch,
      offset,
      (rows) =>
        record(
          rows,
          batch.flatMap((line, i) => (line.ok ? [offset + i + 1] : [])),
        ),
      (index, error) => ({ index, status: 'refused' as const, error }),
    );
  if (contentTypeOf(call.request) === 'application/x-ndjson') return answerStream(call, answerBatch);
  if (!isJson(call.request)) throw wrongContentType('application/json', 'application/x-ndjson');
  const { body, lines } = await readJsonRows(call.request, { maxBytes: MAX_BYTES, name });
  const rows = rowsOf(name, body);
  const results = lines
    ? await answerBatch(lines, 0)
    : await record(
        rows,
        rows.map((_, i) => i + 1),
      );
  const count = (status: RowAnswer['status']): number =>
    results.filter((result) => result.status === status).length;
  call.response.json({
    recorded: count('recorded'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    results,
  });
}

function rowsOf(name: string, body: unknown): readonly unknown[] {
  const rows = Array.isArray(body) ? (body as unknown[]) : wrappedRows(name, body);
  if (rows === undefined) {
    throw badInput(
      'body_invalid',
      `Send one of the ${name} as an object, a list of them, or {"${name}": […]}.`,
    );
  }
  if (rows.length > MAX_ROWS) {
    throw badInput(
      `too_many_${name}`,
      `A JSON body may hold ${MAX_ROWS} ${name}, this one has ${rows.length}; send several, or NDJSON without a limit.`,
    );
  }
  return rows;
}

function wrappedRows(name: string, body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if (!Object.hasOwn(body, name)) return [body];
  const { [name]: rows, ...rest } = body as Record<string, unknown>;
  return Array.isArray(rows) && Object.keys(rest).length === 0 ? (rows as unknown[]) : undefined;
}

import { z } from 'zod';
import { readWith } from '../../experiments/read-with.js';
import { badInput } from '../../errors.js';
import { text } from '../../experiments/text.js';
import { assignRecipients, type AssignOptions } from '../../flows/assign-recipients.js';
import type { Context } from '../../flows/context.js';
import { contentTypeOf, isJson, readJsonRows, wrongContentType } from '../body.js';
import { answerLines, rowErrorSchema } from './rows.js';
import { experimentKey } from './parameters.js';
import type { ApiRoute, Call } from './route.js';
import { answerStream } from './stream.js';

const MAX_BYTES = 32_000_000;
const MAX_RECIPIENTS = 10_000;

export const recipientSchema = z.strictObject({
  id: z.string().describe('Your own id, 1 to 256 bytes; taken byte for byte.'),
  traits: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('What strategies and cohorts may look at.'),
});

export const assignedSchema = z.strictObject({
  id: z.string(),
  arm: z.string(),
  levels: z.record(z.string(), z.string()).describe('Level by factor.'),
  content: z.record(z.string(), z.string()).describe('Content by slot.'),
  messageId: z.string().describe('Name the message by it when you report events.'),
  decisionId: z.string().optional().describe('Names the decision in the ledger.'),
  items: z
    .array(z.strictObject({ item: z.string(), score: z.number(), reason: z.string() }))
    .optional()
    .describe('Recommended, best first; scores compare within one strategy only.'),
  delivered: z.enum(['strategy', 'fallback']),
  fallbackReason: z.string().optional(),
  send: z
    .literal(false)
    .optional()
    .describe('The strategy chose to send nothing: send nothing. Absent: send what stands here.'),
});
export const excludedSchema = z.strictObject({
  id: z.string(),
  excluded: z.enum(['not_in_traffic', 'paused', 'stopped', 'ended']),
});
export const failedSchema = z.strictObject({
  index: z.int(),
  id: z.string().optional(),
  error: rowErrorSchema,
});

/** One answer: an arm with its content, or why the recipient takes no part, or what is wrong with the row. */
export const assignmentSchema = z.union([assignedSchema, excludedSchema, failedSchema]);

/** Limits and the shape of the outside only: every recipient is checked by itself, so that one cannot sink the rest. */
const requestSchema = z.strictObject({
  recipients: z.array(recipientSchema).max(MAX_RECIPIENTS),
});
const waveSchema = text(64).regex(/^[\w.:-]*$/, 'must be a name of letters, digits, _ . : and -');
const outerSchema = z.strictObject({ recipients: z.array(z.unknown()) });

const exampleAnswers = [
  {
    id: 'ada@example.com',
    arm: 'personal',
    levels: { strategy: 'personal' },
    content: { subject: 'Ada, your spring picks are here' },
    messageId: 'm_Jx0vWb3rT1kq7n5sYd2fGh8uLpA.9x',
    decisionId: 'd_R4sTq0mZc2Lw8yB1nVx7kEo5uHf',
    items: [{ item: 'sku-1', score: 1.8, reason: 'best seller in shoes' }],
    delivered: 'strategy',
  },
  { id: 'bob@example.com', excluded: 'not_in_traffic' },
  {
    index: 2,
    error: { code: 'empty_id', message: 'The recipient id is empty: give the id you send by.', path: 'id' },
  },
];

export const exampleRecipients = [
  { id: 'ada@example.com', traits: { country: 'AT', orders: 3 } },
  { id: 'bob@example.com' },
  { id: '' },
];

const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

type Answer = (
  ctx: Context,
  key: string,
  recipients: readonly unknown[],
  options: AssignOptions,
) => Promise<readonly object[]>;

/** Answers a list of recipients, as JSON under that name, or NDJSON as a stream. */
export async function answerRecipients(
  call: Call,
  name: string,
  answer: Answer,
  most: number,
): Promise<void> {
  const key = experimentKey(call.request);
  const wave = waveOf(call);
  if (contentTypeOf(call.request) === 'application/x-ndjson') {
    return answerStream(call, (batch, offset) =>
      answerLines(
        batch,
        offset,
        (rows) => answer(call.web.ctx, key, rows, { wave }),
        (index, error) => ({ index, error }),
      ),
    );
  }
  if (!isJson(call.request)) throw wrongContentType('application/json', 'application/x-ndjson');
  const { body, lines } = await readJsonRows(call.request, { maxBytes: MAX_BYTES, name: 'recipients' });
  const recipients = parseBody(body, most);
  const answerRows = (rows: readonly unknown[]) => answer(call.web.ctx, key, rows, { wave });
  const answers = lines
    ? await answerLines(lines, 0, answerRows, (index, error) => ({ index, error }))
    : await answerRows(recipients);
  call.response.json({ experiment: key, [name]: answers });
}

function waveOf({ request }: Call): string {
  const parsed = readWith(waveSchema, request.query['wave'] ?? '');
  if (parsed.ok) return parsed.value;
  throw badInput('invalid_wave', 'The wave cannot be used.', [
    { path: 'wave', message: parsed.problems[0]?.message ?? '' },
  ]);
}

function parseBody(body: unknown, most: number): readonly unknown[] {
  const parsed = readWith(outerSchema, body);
  if (!parsed.ok) throw badInput('body_invalid', 'Send {"recipients": [{"id": "…"}, …]}.', parsed.problems);
  const { recipients } = parsed.value;
  if (recipients.length > most) {
    throw badInput(
      'too_many_recipients',
      `A JSON body may hold ${most} recipients here, this one has ${recipients.length}; send several, or NDJSON without a limit.`,
    );
  }
  return recipients;
}

export const waveQuery = {
  wave: {
    description:
      'Which of several messages to the same recipients this is for. The arm stays; the message id is one of this wave.',
    example: 'week-2',
  },
};

export const assignmentRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/experiments/{key}/assignments',
    id: 'assignRecipients',
    group: 'Assignments',
    summary: 'Ask for arms and content',
    description:
      'Answers stand in the order of the recipients. The same call again gives the same answers and enrols once. ' +
      `As JSON up to ${MAX_RECIPIENTS.toLocaleString('en')} recipients, all or nothing; as NDJSON, one recipient a line, any number: ` +
      'the answers stream back in batches of 1,000 while you send, so read while you write. A line that cannot be used is an ' +
      'error in its place. If the stream has to end early, its last line is {"aborted": …}; send the rest again.',
    scopes: ['sender'],
    query: waveQuery,
    body: {
      'application/json': { schema: requestSchema, example: { recipients: exampleRecipients } },
      'application/x-ndjson': { schema: recipientSchema, example: lines(exampleRecipients) },
    },
    answers: {
      200: {
        description: 'One answer per recipient. What is answered is stored.',
        content: {
          'application/json': {
            schema: z.strictObject({ experiment: z.string(), assignments: z.array(assignmentSchema) }),
            example: { experiment: 'spring-subject', assignments: exampleAnswers },
          },
          'application/x-ndjson': { schema: assignmentSchema, example: lines(exampleAnswers) },
        },
      },
    },
    errors: [400, 404, 409, 413, 415, 422],
    handle: (call) => answerRecipients(call, 'assignments', assignRecipients, MAX_RECIPIENTS),
  },
];

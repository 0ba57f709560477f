import { z } from 'zod';
import { eventSchema } from '../../engagement/parse-event.js';
import { badInput } from '../../errors.js';
import { contentTypeOf, isJson, readJsonRows, wrongContentType } from '../body.js';
import { answerLines, rowErrorSchema } from './rows.js';
import type { ApiRoute, Call } from './route.js';
import { answerStream } from './stream.js';

const MAX_BYTES = 32_000_000;
const MAX_EVENTS = 10_000;

export const eventAnswerSchema = z.union([
  z.strictObject({
    index: z.int(),
    id: z.string().optional(),
    status: z
      .enum(['recorded', 'duplicate', 'waiting'])
      .describe('waiting: recorded, and counted as soon as its message is known.'),
    note: z.literal('unknown_type').optional().describe('Recorded, but nothing counts this type.'),
  }),
  z.strictObject({
    index: z.int(),
    id: z.string().optional(),
    status: z.literal('refused'),
    error: rowErrorSchema,
  }),
]);

const answerSchema = z.strictObject({
  recorded: z.int(),
  duplicate: z.int(),
  waiting: z.int(),
  refused: z.int(),
  results: z.array(eventAnswerSchema).describe('One per event, in order.'),
});

const exampleEvents = [
  { id: 'evt-1', type: 'sent', messageId: 'm_Jx0vWb3rT1kq7n5sYd2fGh8uLpA.9x', at: '2026-03-01T10:00:00Z' },
  {
    id: 'evt-2',
    type: 'converted',
    experiment: 'spring-subject',
    recipient: 'ada@example.com',
    at: '2026-03-02T18:30:00+01:00',
    value: '19.99',
    currency: 'EUR',
  },
  {
    id: 'evt-3',
    type: 'purchase',
    messageId: 'm_Jx0vWb3rT1kq7n5sYd2fGh8uLpA.9x',
    at: '2026-03-02T19:00:00Z',
    value: '9.00',
    currency: 'USD',
    order: '1001',
  },
];
const exampleResults = [
  { index: 0, id: 'evt-1', status: 'recorded' },
  { index: 1, id: 'evt-2', status: 'waiting' },
  {
    index: 2,
    id: 'evt-3',
    status: 'refused',
    error: {
      code: 'wrong_currency',
      message: 'the currency of "spring-subject" is EUR, and it declares no exchange rate for USD',
      path: 'currency',
    },
  },
];

const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

async function handle(call: Call): Promise<void> {
  const { recordEvents } = call.web;
  if (contentTypeOf(call.request) === 'application/x-ndjson') {
    return answerStream(call, (batch, offset) =>
      answerLines(batch, offset, (rows) => recordEvents(rows), refused),
    );
  }
  if (!isJson(call.request)) throw wrongContentType('application/json', 'application/x-ndjson');
  const { body, lines } = await readJsonRows(call.request, { maxBytes: MAX_BYTES, name: 'events' });
  const events = eventsOf(body);
  const results = lines
    ? await answerLines(lines, 0, (rows) => recordEvents(rows), refused)
    : await recordEvents(events);
  const count = (status: string): number => results.filter((result) => result.status === status).length;
  call.response.json({
    recorded: count('recorded'),
    duplicate: count('duplicate'),
    waiting: count('waiting'),
    refused: count('refused'),
    results,
  });
}

function refused(index: number, error: { code: string; message: string }) {
  return { index, status: 'refused' as const, error };
}

/** One event, a list of them, or `{"events": […]}`. */
export function eventsOf(body: unknown): readonly unknown[] {
  const events = Array.isArray(body) ? (body as unknown[]) : wrappedEvents(body);
  if (events === undefined) {
    throw badInput('body_invalid', 'Send one event as an object, a list of events, or {"events": […]}.');
  }
  if (events.length > MAX_EVENTS) {
    throw badInput(
      'too_many_events',
      `A JSON body may hold ${MAX_EVENTS} events, this one has ${events.length}; send several, or NDJSON without a limit.`,
    );
  }
  return events;
}

function wrappedEvents(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if (!Object.hasOwn(body, 'events')) return [body];
  const { events, ...rest } = body as { events: unknown };
  return Array.isArray(events) && Object.keys(rest).length === 0 ? (events as unknown[]) : undefined;
}

export const eventRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/events',
    id: 'recordEvents',
    group: 'Events',
    summary: 'Report what happened to messages and what recipients did',
    description:
      'Idempotent by the id of the event, in any order, late or early: of messages that are not known yet too. Every event is answered by itself: one that is ' +
      'refused never sinks the others, so look at the results even when the status is 200.',
    scopes: ['ingest'],
    body: {
      'application/json': {
        schema: z.union([
          eventSchema,
          z.array(eventSchema).max(MAX_EVENTS),
          z.strictObject({ events: z.array(eventSchema).max(MAX_EVENTS) }),
        ]),
        example: { events: exampleEvents },
      },
      'application/x-ndjson': { schema: eventSchema, example: lines(exampleEvents) },
    },
    answers: {
      200: {
        description: 'What became of each event. What is recorded is stored.',
        content: {
          'application/json': {
            schema: answerSchema,
            example: { recorded: 1, duplicate: 0, waiting: 1, refused: 1, results: exampleResults },
          },
          'application/x-ndjson': { schema: eventAnswerSchema, example: lines(exampleResults) },
        },
      },
    },
    errors: [400, 413, 415, 422],
    handle,
  },
];

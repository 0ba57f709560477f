import { z } from 'zod';
import { readFreshness } from '../../flows/read-freshness.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute, Call } from './route.js';

const time = z.iso.datetime();

const sourceSchema = z.strictObject({
  source: z.string(),
  stale: z.boolean().describe('Silent for longer than 24 hours, or than three times its usual gap.'),
  staleFrom: time.nullable().describe('From when on it is; null for a file that was read in.'),
  usualGapDays: z.number().nullable(),
  lastAt: time.nullable().describe('When its newest event happened.'),
  lastReceivedAt: time,
  today: z.int(),
  yesterdayByNow: z.int().nullable().describe('Null where there were too many to count.'),
  yesterday: z.int(),
  weekMean: z.number().describe('A day, over the seven days before today.'),
  meanLagSeconds: z.number().nullable(),
  mostLagSeconds: z.number().nullable(),
  ahead: z.int(),
  unknownTypes: z.int(),
  refused: z.int(),
});
const boundedSchema = z.strictObject({ count: z.int(), atLeast: z.boolean() });
const importSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  source: z.string(),
  rowsDone: z.int(),
  counts: z.record(z.string(), z.unknown()),
  startedAt: time,
  updatedAt: time,
  finishedAt: time.nullable(),
});
export const refillSchema = z.strictObject({
  id: z.string(),
  experiment: z.string(),
  reason: z.string(),
  addition: z.unknown().describe('The metric or cohort that is added; null where all is made again.'),
  requestedAt: time,
  finishedAt: time.nullable(),
  recipients: z.int().nullable().describe('How many are done; null before it begins.'),
  enrolled: z.int(),
  error: z.string().nullable(),
});
const freshnessSchema = z.strictObject({
  asOf: time,
  stale: z.boolean().describe('Any source is.'),
  sources: z.array(sourceSchema),
  waiting: z.strictObject({ messages: boundedSchema, events: boundedSchema }),
  imports: z.array(importSchema),
  refills: z.array(refillSchema),
});

const exampleFreshness: z.infer<typeof freshnessSchema> = {
  asOf: '2026-03-02T17:31:00.000Z',
  stale: false,
  sources: [
    {
      source: 'api',
      stale: false,
      staleFrom: '2026-03-03T17:30:04.000Z',
      usualGapDays: 1,
      lastAt: '2026-03-02T17:30:00.000Z',
      lastReceivedAt: '2026-03-02T17:30:04.000Z',
      today: 1,
      yesterdayByNow: 0,
      yesterday: 2,
      weekMean: 0.2857142857142857,
      meanLagSeconds: 4,
      mostLagSeconds: 4,
      ahead: 0,
      unknownTypes: 0,
      refused: 0,
    },
  ],
  waiting: { messages: { count: 0, atLeast: false }, events: { count: 0, atLeast: false } },
  imports: [],
  refills: [],
};

async function freshness({ web, response }: Call): Promise<void> {
  const fresh = await readFreshness(web.ctx);
  const answer = {
    ...fresh,
    stale: fresh.sources.some((source) => source.stale),
    sources: fresh.sources.map(({ days: _days, ...source }) => ({
      ...source,
      staleFrom: source.staleFrom ?? null,
      usualGapDays: source.usualGapDays ?? null,
      yesterdayByNow: source.yesterdayByNow ?? null,
    })),
  };
  response.json(answer);
}

export const freshnessRoute: ApiRoute = {
  method: 'get',
  path: '/v1/freshness',
  id: 'freshness',
  group: 'Events',
  summary: 'How fresh every source is, and what is still to be done',
  description: 'For a monitor: `stale` says that a source is silent for too long.',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer(
      'Sources, what waits for its message, files read in, figures made again.',
      freshnessSchema,
      exampleFreshness,
    ),
  },
  handle: freshness,
};

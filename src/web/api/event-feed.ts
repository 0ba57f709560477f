import { z } from 'zod';
import { badInput } from '../../errors.js';
import { armsOf } from '../../experiments/arms.js';
import { eventTypes } from '../../experiments/experiment.js';
import { currencyExponent, formatAmount } from '../../experiments/money.js';
import { countEvents, MOST_LOOKED, watchEvents, type EventFeed } from '../../flows/watch-events.js';
import { experimentKey } from './parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const MOST_EVENTS = 500;
const time = z.iso.datetime();

const feedEventSchema = z.strictObject({
  id: z.string(),
  type: z.string(),
  unknownType: z.boolean().describe('Postulate does not know this type; it is kept and counts nowhere.'),
  class: z.string().nullable(),
  at: time,
  receivedAt: time,
  lagSeconds: z.number().describe('From happening to arrival; negative when dated ahead.'),
  source: z.string(),
  recipientKey: z.string().describe('The pseudonym, whole.'),
  arm: z.string(),
  wave: z.string().nullable().describe('Empty for the first message; null for an event of no message.'),
  value: z.string().nullable().describe('In major units, as text.'),
  currency: z.string().nullable(),
  order: z.string().nullable(),
  url: z.string().nullable(),
});

const feedSchema = z.strictObject({
  asOf: time,
  events: z.array(feedEventSchema).describe('Newest arrival first.'),
  looked: z.int().describe('Arrivals of all experiments that were looked at.'),
  more: z.boolean().describe('There may be more behind the last one.'),
});

const exampleFeed: z.infer<typeof feedSchema> = {
  asOf: '2026-03-02T17:31:00.000Z',
  events: [
    {
      id: 'evt-2',
      type: 'converted',
      unknownType: false,
      class: null,
      at: '2026-03-02T17:30:00.000Z',
      receivedAt: '2026-03-02T17:30:04.000Z',
      lagSeconds: 4,
      source: 'api',
      recipientKey: 'r_x0vWb3rT1kq7n5sYd2fGh8uLpAz',
      arm: 'personal',
      wave: '',
      value: '19.99',
      currency: 'EUR',
      order: 'o-1001',
      url: null,
    },
  ],
  looked: 1,
  more: false,
};

function feedAnswer(feed: EventFeed): z.infer<typeof feedSchema> {
  const arms = armsOf(feed.experiment.factors);
  const known: ReadonlySet<string> = new Set(eventTypes);
  return {
    asOf: feed.asOf.toISOString(),
    events: feed.events.map(({ value, arm, at, receivedAt, ...event }) => {
      const currency = event.currency ?? (value === null ? null : (feed.experiment.currency ?? null));
      return {
        ...event,
        currency,
        unknownType: !known.has(event.type),
        at: at.toISOString(),
        receivedAt: receivedAt.toISOString(),
        lagSeconds: (receivedAt.getTime() - at.getTime()) / 1000,
        arm: arms[arm]?.key ?? String(arm),
        value: value === null ? null : formatAmount(BigInt(value), currencyExponent(currency ?? '')),
      };
    }),
    looked: feed.looked,
    more: feed.more,
  };
}

const countSchema = z.strictObject({
  source: z.string(),
  type: z.string(),
  class: z.string(),
  status: z.string().describe('`recorded`, `duplicate`, `waiting`, or the code of the refusal.'),
  today: z.int(),
  week: z.int(),
  all: z.int(),
  lastReceivedAt: time,
});
const lagSchema = z.strictObject({
  events: z.int(),
  meanSeconds: z.number().nullable(),
  mostSeconds: z.number().nullable(),
  ahead: z.int().describe('Events dated after their own arrival.'),
});
const countsSchema = z.strictObject({
  asOf: time,
  counts: z.array(countSchema).describe('Most first. Days are those of arrival, in UTC.'),
  omitted: z.int().describe('Smaller rows that were left out.'),
  lag: z.strictObject({ today: lagSchema, week: lagSchema, all: lagSchema }),
});

const exampleLag = { events: 1, meanSeconds: 4, mostSeconds: 4, ahead: 0 };
const exampleCounts: z.infer<typeof countsSchema> = {
  asOf: '2026-03-02T17:31:00.000Z',
  counts: [
    {
      source: 'api',
      type: 'converted',
      class: '',
      status: 'recorded',
      today: 1,
      week: 1,
      all: 1,
      lastReceivedAt: '2026-03-02T17:30:04.000Z',
    },
  ],
  omitted: 0,
  lag: { today: exampleLag, week: exampleLag, all: exampleLag },
};

function limitOf(text: unknown): number {
  if (text === undefined || text === '') return 50;
  const limit = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST_EVENTS) return limit;
  throw badInput('limit_invalid', `"limit" is a whole number from 1 to ${MOST_EVENTS}.`, [
    { path: 'limit', message: `use 1 to ${MOST_EVENTS}` },
  ]);
}

function afterOf(text: unknown): { after?: string } {
  if (text === undefined || text === '') return {};
  if (typeof text === 'string') return { after: text };
  throw badInput('after_invalid', 'Give "after" once: the id of one event.', [
    { path: 'after', message: 'give it once' },
  ]);
}

export const eventFeedRoutes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/experiments/{key}/events',
    id: 'latestEvents',
    group: 'Events',
    summary: 'The events of an experiment that arrived last',
    description:
      `For looking, not for copying: it looks through the last ${MOST_LOOKED} arrivals of all experiments and no further, ` +
      'and an event can become visible shortly after one that arrived later. Exports have them all.',
    scopes: ['analyst'],
    query: {
      limit: { description: `How many at most: 1 to ${MOST_EVENTS}, 50 unless told.`, example: '50' },
      after: { description: 'The id of an event: only those that arrived after it.', example: 'evt-1' },
    },
    answers: {
      200: jsonAnswer('Events, newest arrival first.', feedSchema, exampleFeed),
    },
    errors: [404, 422],
    async handle({ web, request, response }) {
      const key = experimentKey(request);
      const question = { limit: limitOf(request.query['limit']), ...afterOf(request.query['after']) };
      response.json(feedAnswer(await watchEvents(web.ctx, key, question)));
    },
  },
  {
    method: 'get',
    path: '/v1/experiments/{key}/event-counts',
    id: 'eventCounts',
    group: 'Events',
    summary: 'What arrived for an experiment: counts by source, type, class and what became of it',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer(
        'Counts of today, of the last seven days and of all time, and the lag of what was taken.',
        countsSchema,
        exampleCounts,
      ),
    },
    errors: [404],
    async handle({ web, request, response }) {
      const { rows, ...rest } = await countEvents(web.ctx, experimentKey(request));
      response.json({ ...rest, counts: rows });
    },
  },
];

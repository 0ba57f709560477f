import { z } from 'zod';
import { findProfile } from '../../flows/find-profile.js';
import { profileSchema } from '../../flows/parse-profile.js';
import { recordProfiles } from '../../flows/record-profiles.js';
import { answerRowList, MAX_ROWS, rowAnswerSchema, rowListAnswerSchema } from './row-list.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const traitValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const identifySchema = z
  .looseObject({
    type: z.literal('identify'),
    userId: z.string(),
    traits: z.record(z.string(), z.unknown()).optional(),
    timestamp: z.iso.datetime({ offset: true }).optional(),
  })
  .describe('An identify call as Segment, RudderStack and others send it.');
const rowSchema = z.union([profileSchema, identifySchema]);

const time = z.iso.datetime();

export const profileAnswerSchema = z.strictObject({
  recipient: z.string(),
  recipientKey: z.string().describe('The pseudonym under which experiments know the recipient.'),
  updatedAt: time.optional(),
  traits: z.array(
    z.strictObject({
      trait: z.string(),
      value: traitValue.describe('Null: it was made unknown.'),
      source: z.string().optional(),
      at: time.optional(),
    }),
  ),
  enrolments: z.array(
    z.strictObject({
      experiment: z.string(),
      title: z.string(),
      arm: z.string(),
      cohorts: z.record(z.string(), z.string()).describe('As they stood at the enrolment, by trait.'),
      enrolledAt: time,
    }),
  ),
  events: z
    .array(
      z.strictObject({
        id: z.string(),
        type: z.string(),
        at: time,
        value: z.string().optional(),
        currency: z.string().optional(),
        order: z.string().optional(),
        item: z.string().optional(),
        category: z.string().optional(),
        source: z.string(),
      }),
    )
    .describe('The latest fifty that the recipient did without a message, newest first.'),
});

const exampleRows = [
  {
    recipient: 'ada@example.com',
    traits: { country: 'AT', birth_date: '1990-04-30', orders: 3 },
    source: 'crm',
    at: '2026-03-01T09:00:00Z',
  },
  { recipient: 'bob@example.com', traits: { email: 'bob', plan: null } },
];
const exampleIdentify = {
  type: 'identify',
  userId: 'ada@example.com',
  traits: { address: { city: 'Wien' } },
  timestamp: '2026-03-01T09:05:00.000Z',
};
const exampleResults = [
  { index: 0, id: 'ada@example.com', status: 'recorded' },
  {
    index: 1,
    id: 'bob@example.com',
    status: 'refused',
    error: {
      code: 'invalid_format',
      message: 'must be an e-mail address such as ada@example.com; send null if there is none',
      path: 'traits.email',
    },
  },
];

const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

export const profileRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/profiles',
    id: 'recordProfiles',
    group: 'Profiles',
    summary: 'Say what is known about recipients',
    description:
      'Trait by trait the later value wins, so rows may come in any order, twice and from several sources. Every row is ' +
      'answered by itself; a refused one changes nothing and is kept in quarantine for 30 days. ' +
      `As JSON up to ${MAX_ROWS.toLocaleString('en')} rows; as NDJSON, one row a line, any number. Identify calls of customer data ` +
      'platforms are taken as they are: userId is the recipient, timestamp the time, and a trait that is an object becomes one ' +
      'trait for each of its parts, such as address_city.',
    scopes: ['ingest'],
    body: {
      'application/json': {
        schema: z.union([
          rowSchema,
          z.array(rowSchema).max(MAX_ROWS),
          z.strictObject({ profiles: z.array(rowSchema).max(MAX_ROWS) }),
        ]),
        example: { profiles: exampleRows },
      },
      'application/x-ndjson': { schema: rowSchema, example: lines([...exampleRows, exampleIdentify]) },
    },
    answers: {
      200: {
        description: 'What became of each row. What is recorded is stored.',
        content: {
          'application/json': {
            schema: rowListAnswerSchema,
            example: { recorded: 1, unchanged: 0, refused: 1, results: exampleResults },
          },
          'application/x-ndjson': { schema: rowAnswerSchema, example: lines(exampleResults) },
        },
      },
    },
    errors: [400, 413, 415, 422],
    handle: (call) =>
      answerRowList(call, 'profiles', (rows, lines) => recordProfiles(call.web.ctx, rows, { lines })),
  },
  {
    method: 'get',
    path: '/v1/profiles/{recipient}',
    id: 'readProfile',
    group: 'Profiles',
    summary: 'What is known about a recipient',
    description:
      'Personal data: every trait with its value, source and time, the enrolments with the cohorts as they stood then, and the latest behaviour.',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer('The profile.', profileAnswerSchema, {
        recipient: 'ada@example.com',
        recipientKey: 'qL4pYw1m5b0CkWm1xqFh2oWmG0m3jv0pQd7yq0Q3d2k',
        updatedAt: '2026-03-01T09:00:01.000Z',
        traits: [{ trait: 'country', value: 'AT', source: 'crm', at: '2026-03-01T09:00:00.000Z' }],
        enrolments: [
          {
            experiment: 'spring-subject',
            title: 'Which subject line?',
            arm: 'personal',
            cohorts: { country: 'AT' },
            enrolledAt: '2026-03-02T08:00:00.000Z',
          },
        ],
        events: [
          {
            id: 'evt-7',
            type: 'purchase',
            at: '2026-03-02T18:30:00.000Z',
            value: '19.99',
            currency: 'EUR',
            order: 'o-1001',
            source: 'api',
          },
        ],
      }),
    },
    errors: [404],
    async handle({ web, request, response }) {
      response.json(await findProfile(web.ctx, String(request.params['recipient'])));
    },
  },
];

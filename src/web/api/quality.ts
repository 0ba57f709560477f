import { z } from 'zod';
import { checkQuality } from '../../flows/check-quality.js';
import { listQuarantine, mostQuarantineRows, quarantineKinds } from '../../flows/list-quarantine.js';
import { qualityQuery, quarantineQuery } from './quality-parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const USUAL_LIMIT = 100;
const time = z.iso.datetime();
const share = z.number().optional().describe('From 0 to 1; absent where nothing was looked at.');

const refusedRowSchema = z.strictObject({
  id: z.string(),
  receivedAt: time,
  kind: z.enum(quarantineKinds),
  source: z.string(),
  line: z.int().optional().describe('Where it stood in its file or stream, from 1.'),
  code: z.string(),
  path: z.string().optional(),
  message: z.string(),
  row: z.string().describe('As it came, cut to 2,000 characters.'),
});

const qualitySchema = z.strictObject({
  asOf: time,
  days: z.int().describe('How far back arrivals were looked at.'),
  completeness: z.strictObject({
    profiles: z.int(),
    expected: z.array(z.string()).describe('Traits that every profile should have.'),
    incomplete: z.int().describe('Profiles that lack at least one of them.'),
    share,
    threshold: z.number(),
    past: z.boolean(),
    traits: z.array(z.strictObject({ trait: z.string(), known: z.int(), share, expected: z.boolean() })),
  }),
  format: z.strictObject({
    refused: z.int(),
    threshold: z.number(),
    past: z.boolean(),
    rows: z.array(z.strictObject({ kind: z.string(), code: z.string(), path: z.string(), n: z.int() })),
  }),
  consistency: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      of: z.string(),
      checked: z.int(),
      violations: z.int(),
      samples: z.array(z.string()).describe('Up to five recipients, by their keys.'),
      threshold: z.number(),
      share,
      past: z.boolean(),
    }),
  ),
  findings: z.array(z.string()).describe('What lies past its threshold, a sentence each.'),
});

export const qualityRoutes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/quality',
    id: 'readQuality',
    group: 'Quality',
    summary: 'How complete, well-formed and consistent the data are',
    description: 'Reads all profiles and the events of the last days: on a large database ask for it seldom.',
    scopes: ['analyst'],
    query: {
      days: { description: 'How far back arrivals are looked at, in days.', example: '30' },
      required: {
        description:
          'Traits that every profile should have, with commas; otherwise those that half of them have.',
        example: 'country,email',
      },
    },
    answers: {
      200: jsonAnswer('Counts, shares and thresholds.', qualitySchema, {
        asOf: '2026-03-01T09:00:00.000Z',
        days: 30,
        completeness: {
          profiles: 1000,
          expected: ['country', 'email'],
          incomplete: 40,
          share: 0.04,
          threshold: 0.2,
          past: false,
          traits: [{ trait: 'country', known: 980, share: 0.98, expected: true }],
        },
        format: {
          refused: 1,
          threshold: 100,
          past: false,
          rows: [{ kind: 'profiles', code: 'invalid_format', path: 'traits.email', n: 1 }],
        },
        consistency: [
          {
            id: 'refund-above-order',
            title: 'Refunds above their order',
            of: 'orders with refunds',
            checked: 50,
            violations: 0,
            samples: [],
            threshold: 0,
            share: 0,
            past: false,
          },
        ],
        findings: [],
      }),
    },
    errors: [422],
    async handle({ web, request, response }) {
      response.json(await checkQuality(web.ctx, qualityQuery(request)));
    },
  },
  {
    method: 'get',
    path: '/v1/quarantine',
    id: 'listQuarantine',
    group: 'Quality',
    summary: 'Rows that were refused',
    description:
      'The newest first. Rows may hold personal data; they are kept for 30 days, and of one call the first hundred.',
    scopes: ['analyst'],
    query: {
      kind: { description: `One of ${quarantineKinds.join(', ')}.`, example: 'profiles' },
      limit: {
        description: `How many, ${USUAL_LIMIT} unless said, at most ${mostQuarantineRows}.`,
        example: '20',
      },
    },
    answers: {
      200: jsonAnswer('The rows with their reasons.', z.strictObject({ rows: z.array(refusedRowSchema) }), {
        rows: [
          {
            id: '17',
            receivedAt: '2026-03-01T09:00:00.000Z',
            kind: 'profiles',
            source: 'crm',
            line: 12,
            code: 'invalid_format',
            path: 'traits.country',
            message: 'must be a country as two capital letters (ISO 3166), such as AT or US',
            row: '{"recipient":"ada@example.com","traits":{"country":"Austria"}}',
          },
        ],
      }),
    },
    errors: [422],
    async handle({ web, request, response }) {
      response.json({ rows: await listQuarantine(web.ctx, quarantineQuery(request, USUAL_LIMIT)) });
    },
  },
];

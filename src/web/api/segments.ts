import { z } from 'zod';
import { findSegment, listMembers, listSegments } from '../../flows/find-segments.js';
import { registerSegment } from '../../flows/register-segment.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';
import { answerRows } from './stream.js';

const MAX_BYTES = 1_000_000;

const versionFields = {
  name: z.string(),
  version: z.int(),
  hash: z.string().describe('Of all that it says.'),
  title: z.string(),
  description: z.string().optional(),
  when: z
    .unknown()
    .describe('The condition in its one form; segments that it names are pinned as name@version.'),
  createdAt: z.iso.datetime(),
};
const versionSchema = z.strictObject(versionFields);
const segmentSchema = z.strictObject({
  ...versionFields,
  words: z.string().describe('The condition in words.'),
  size: z
    .strictObject({
      members: z.int(),
      upTo: z.iso.datetime().describe('Whatever arrived before this is in.'),
      lagSeconds: z.int(),
    })
    .optional()
    .describe('Absent until the members of this version have been counted.'),
  counting: z
    .strictObject({ judged: z.int(), recipients: z.int() })
    .optional()
    .describe('While its members are being counted: how many recipients were looked at, of how many.'),
});

const writtenSchema = z.strictObject({
  name: z.string().describe('The same name again makes the next version.'),
  title: z.string().optional(),
  description: z.string().optional(),
  when: z
    .unknown()
    .describe('A condition, as in rules: all, any, not, traits, events, features, other segments.'),
});

const written = {
  name: 'recent-buyers',
  title: 'Recent Buyers',
  when: { event: 'purchase', within: '7d' },
};
const version = {
  ...written,
  version: 1,
  hash: 'sha256:5b1f0c7d9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d',
  when: { event: 'purchase', measure: 'count', op: 'gte', value: 1, within: '7d' },
  createdAt: '2026-03-01T09:00:00.000Z',
};
const segment = {
  ...version,
  words: 'bought at least once within 7 days',
  size: { members: 1204, upTo: '2026-03-01T09:00:00.000Z', lagSeconds: 4 },
};
const member = { recipient: 'ada@example.com', recipientKey: 'r_8f3a', since: '2026-03-01T08:12:00.000Z' };

export const segmentRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/segments',
    id: 'registerSegment',
    group: 'Segments',
    summary: 'Register a version of a segment',
    description:
      'Versions never change; the same content again is the version that is there already. A segment named in the condition without a version is pinned to its newest one. A cycle is refused with its path.',
    scopes: ['admin'],
    body: { 'application/json': { schema: writtenSchema, example: written } },
    answers: {
      201: jsonAnswer('The version.', versionSchema, version),
    },
    errors: [400, 413, 415, 422],
    async handle({ web, request, response }) {
      const body = await readJson(request, { maxBytes: MAX_BYTES });
      response.status(201).json(await registerSegment(web.ctx, body));
    },
  },
  {
    method: 'get',
    path: '/v1/segments',
    id: 'listSegments',
    group: 'Segments',
    summary: 'All segments with their sizes',
    description:
      'The newest version of each. Sizes are brought up to date every few seconds; decisions do not wait for that, they look at the condition itself.',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer('By name.', z.strictObject({ segments: z.array(segmentSchema) }), {
        segments: [segment],
      }),
    },
    async handle({ web, response }) {
      response.json({ segments: await listSegments(web.ctx) });
    },
  },
  {
    method: 'get',
    path: '/v1/segments/{name}',
    id: 'readSegment',
    group: 'Segments',
    summary: 'One segment with its versions',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer(
        'The newest version with its size, and all versions, the newest first.',
        z.strictObject({ segment: segmentSchema, versions: z.array(versionSchema) }),
        { segment, versions: [version] },
      ),
    },
    errors: [404],
    async handle({ web, request, response }) {
      response.json(await findSegment(web.ctx, String(request.params['name'])));
    },
  },
  {
    method: 'get',
    path: '/v1/segments/{name}/members',
    id: 'listSegmentMembers',
    group: 'Segments',
    summary: 'Who is in a segment',
    description:
      'One line per member, in the order of the recipient keys, as of when the members were last brought up to date. Personal data.',
    scopes: ['admin'],
    answers: {
      200: {
        description: 'Members.',
        content: {
          'application/x-ndjson': {
            schema: z.strictObject({
              recipient: z.string().describe("The sender's own id."),
              recipientKey: z.string(),
              since: z.iso.datetime().describe('When it was first seen that they are in.'),
            }),
            example: JSON.stringify(member),
          },
        },
      },
    },
    errors: [404],
    async handle({ web, request, response }) {
      await answerRows({ web, request, response }, listMembers(web.ctx, String(request.params['name'])));
    },
  },
];

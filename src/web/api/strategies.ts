import { z } from 'zod';
import { listVersions } from '../../flows/list-strategy-names.js';
import { registerStrategy, strategySchema } from '../../flows/register-strategy.js';
import { readDocument, withPlaces } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const MAX_BYTES = 4_000_000;

export const versionSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  hash: z.string().describe('Of the content; an experiment pins it.'),
  kind: z.string(),
  definition: z.unknown(),
  createdAt: z.iso.datetime(),
});

const listedSchema = versionSchema.extend({
  status: z
    .enum(['draft', 'active', 'retired'])
    .describe('Draft: never activated. Active: the one to use of its name. Retired: it was active once.'),
});

const exampleDefinition = {
  kind: 'rules',
  rules: [
    {
      id: 'regulars',
      when: { trait: 'orders', op: 'gte', value: 3 },
      slots: { subject: 'Something new for our regulars' },
    },
  ],
  default: { subject: 'Spring is here' },
};
const exampleYaml = `name: regulars-first
definition:
  kind: rules
  rules:
    - id: regulars
      when: { trait: orders, op: gte, value: 3 }
      slots: { subject: Something new for our regulars }
  default: { subject: Spring is here }
`;
const exampleVersion = {
  name: 'regulars-first',
  version: 1,
  hash: 'sha256:5b1f0c7d9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d',
  kind: 'rules',
  definition: exampleDefinition,
  createdAt: '2026-03-01T09:00:00.000Z',
};

export const strategyRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/strategies',
    id: 'registerStrategy',
    group: 'Strategies',
    summary: 'Register a version of a strategy',
    description:
      'Versions never change. The same content again is the version that is there already, whether it comes as JSON or as YAML. Name it in a draft as name@number or by its hash; a name alone is its active version.',
    scopes: ['admin'],
    body: {
      'application/json': {
        schema: strategySchema,
        example: { name: 'regulars-first', definition: exampleDefinition },
      },
      'application/yaml': { schema: strategySchema, example: exampleYaml },
    },
    answers: {
      201: jsonAnswer('The version.', versionSchema, exampleVersion),
    },
    errors: [400, 413, 415, 422],
    async handle({ web, request, response }) {
      const body = await readDocument(request, { maxBytes: MAX_BYTES });
      const version = await withPlaces(body, () => registerStrategy(web.ctx, body.value));
      response.status(201).json(version);
    },
  },
  {
    method: 'get',
    path: '/v1/strategies',
    id: 'listStrategies',
    group: 'Strategies',
    summary: 'All strategy versions',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer('By name and version.', z.strictObject({ strategies: z.array(listedSchema) }), {
        strategies: [{ ...exampleVersion, status: 'draft' }],
      }),
    },
    async handle({ web, response }) {
      response.json({ strategies: await listVersions(web.ctx) });
    },
  },
];

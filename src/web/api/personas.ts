import { z } from 'zod';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { describePersona, findPersonas, fitPersonas, listPersonas } from '../../flows/fit-personas.js';
import { readAudience } from '../../flows/load-audience.js';
import { readJson } from '../body.js';
import { audienceExample, personasExample } from './people-examples.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const MAX_BYTES = 100_000;

const personasSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  hash: z.string(),
  clock: z.iso.datetime().describe('What was known before it was looked at.'),
  model: z
    .unknown()
    .describe(
      'Features and their scaling, personas with sizes, centres and texts, the tree, and how far it agrees.',
    ),
  createdAt: z.iso.datetime(),
});

const requestSchema = z.looseObject({ name: z.string() });
const textsSchema = z.strictObject({
  persona: z.string().describe('p1, p2, …'),
  title: z.string().optional(),
  description: z.string().optional(),
});

const tally = z.array(z.strictObject({ value: z.string(), people: z.int() }));
const audienceSchema = z.strictObject({
  clock: z.iso.datetime(),
  people: z.int(),
  sample: z.boolean().describe('There are more than were looked at.'),
  currency: z.string(),
  stages: tally,
  tiers: tally,
  sparsity: tally,
  rfm: z.strictObject({
    audience: z.int(),
    never: z.int().describe('Never bought: no score.'),
    cells: z.array(
      z.array(
        z.strictObject({
          recency: z.int(),
          frequency: z.int(),
          n: z.int(),
          monetary: z.number().describe('Mean monetary score; 0 where nobody is.'),
        }),
      ),
    ),
  }),
  lifecycle: z.unknown().describe('How stages are told apart.'),
  scoreWeights: z.record(z.string(), z.number()),
});

const one = (description: string) => jsonAnswer(description, personasSchema, personasExample);

export const personaRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/personas',
    id: 'fitPersonas',
    group: 'Segments',
    summary: 'Cluster recipients into personas',
    description:
      'Seeded k-means on scaled features, explained by a decision tree; the next version of the name. Without `features` by recency, frequency, tenure and engagement; without `personas` as many as tell people apart best.',
    scopes: ['admin'],
    body: {
      'application/json': {
        schema: requestSchema,
        example: {
          name: 'buyers',
          features: [{ feature: 'frequency', scale: 'log' }, { feature: 'recency_days' }],
          personas: 3,
        },
      },
    },
    answers: { 201: one('The version.') },
    errors: [400, 409, 413, 415, 422],
    async handle({ web, request, response }) {
      const parsed = readWith(requestSchema, await readJson(request, { maxBytes: MAX_BYTES }));
      if (!parsed.ok) throw badInput('invalid_personas', 'Give the personas a name.', parsed.problems);
      const { name, ...body } = parsed.value;
      response.status(201).json(await fitPersonas(web.ctx, name, body));
    },
  },
  {
    method: 'get',
    path: '/v1/personas',
    id: 'listPersonas',
    group: 'Segments',
    summary: 'All personas, the newest version of each name',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer('By name.', z.strictObject({ personas: z.array(personasSchema) }), {
        personas: [personasExample],
      }),
    },
    async handle({ web, response }) {
      response.json({ personas: await listPersonas(web.ctx) });
    },
  },
  {
    method: 'get',
    path: '/v1/personas/{name}',
    id: 'readPersonas',
    group: 'Segments',
    summary: 'The newest version of one name',
    scopes: ['analyst'],
    answers: { 200: one('The version.') },
    errors: [404],
    async handle({ web, request, response }) {
      response.json(await findPersonas(web.ctx, String(request.params['name'])));
    },
  },
  {
    method: 'post',
    path: '/v1/personas/{name}/texts',
    id: 'describePersona',
    group: 'Segments',
    summary: 'Rewrite what a persona is called or said to be',
    description: 'Makes the next version; clusters and tree stay as they are.',
    scopes: ['admin'],
    body: {
      'application/json': { schema: textsSchema, example: { persona: 'p1', title: 'Regulars' } },
    },
    answers: { 201: one('The new version.') },
    errors: [400, 404, 413, 415, 422],
    async handle({ web, request, response }) {
      const parsed = readWith(textsSchema, await readJson(request, { maxBytes: MAX_BYTES }));
      if (!parsed.ok)
        throw badInput('invalid_personas', 'Say which persona, and its new texts.', parsed.problems);
      const { persona, title, description } = parsed.value;
      const texts = {
        ...(title !== undefined && { title }),
        ...(description !== undefined && { description }),
      };
      response
        .status(201)
        .json(await describePersona(web.ctx, String(request.params['name']), persona, texts));
    },
  },
  {
    method: 'get',
    path: '/v1/audience',
    id: 'readAudience',
    group: 'Segments',
    summary: 'Lifecycle stages, engagement tiers and RFM scores of the audience',
    description:
      'Of everybody, or of 5,000 who are as good as drawn by lot, as of `clock`, which is at most ten minutes ago; every list adds up to `people`.',
    scopes: ['analyst'],
    query: { currency: { description: 'Of the money in RFM, EUR unless said.', example: 'EUR' } },
    answers: {
      200: jsonAnswer('As of `clock`.', audienceSchema, audienceExample),
    },
    errors: [422],
    async handle({ web, request, response }) {
      const { currency } = request.query;
      response.json(await readAudience(web.ctx, typeof currency === 'string' ? currency : undefined));
    },
  },
];

import { z } from 'zod';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { findNeighbours, findSimilarItems, mostNeighbours } from '../../flows/find-neighbours.js';
import { mostPulled, pullLists } from '../../flows/pull-lists.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';
import { rowErrorSchema } from './rows.js';
import { strategyName } from './strategy-activation.js';

const time = z.iso.datetime();

const listSchema = z.strictObject({
  recipient: z.string(),
  items: z
    .array(z.strictObject({ item: z.string(), score: z.number(), reason: z.string() }))
    .describe('Best first. What was bought since the list was made, or is out of stock by now, is left out.'),
  reason: z.string().describe('How the list came about.'),
  model: z.string().describe('As name/number.'),
  modelHash: z.string(),
  clock: time.describe('Nothing that happened at it or later was looked at.'),
  madeAt: time,
  ageSeconds: z.int().describe('Since the clock.'),
});
const noListSchema = z.strictObject({
  recipient: z.string(),
  error: rowErrorSchema.describe('stale, no_list, nothing_left or invalid_id, with what to do.'),
});
const listsSchema = z.strictObject({
  lists: z.array(z.union([listSchema, noListSchema])).describe('In the order asked for.'),
});

const bodySchema = z.strictObject({
  recipients: z.array(z.string()).min(1).max(mostPulled).describe('Your own ids.'),
});

const exampleList = {
  recipient: 'ada@example.com',
  items: [{ item: 'tent', score: 1.84, reason: 'liked by people who like boots' }],
  reason: 'user_knn from 7 items of theirs',
  model: 'hiking-picks/3',
  modelHash: 'sha256:0d6f2f9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e',
  clock: '2026-03-01T03:47:00.000Z',
  madeAt: '2026-03-01T03:47:02.000Z',
  ageSeconds: 19_380,
};
const exampleStale = {
  recipient: 'bob@example.com',
  error: {
    code: 'stale',
    message:
      'The list is as of 2026-02-20T03:47:00.000Z, which is more than 2 days ago: make the lists again.',
  },
};

const listAnswer = {
  200: jsonAnswer('A list for each recipient, or why there is none.', listsSchema, {
    lists: [exampleList, exampleStale],
  }),
};

const listRoutes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/strategies/{name}/lists',
    id: 'pullList',
    group: 'Strategies',
    summary: 'What was made ready to recommend to one recipient',
    description:
      'By the collaborative strategy of that name. A list older than the strategy declares, or of a model that is not in use any more, is refused as stale.',
    scopes: ['sender'],
    query: { recipient: { description: 'Your own id.', example: 'ada@example.com' } },
    answers: listAnswer,
    errors: [404, 422],
    async handle({ web, request, response }) {
      const recipient = queryText(request.query, 'recipient');
      response.json({ lists: await pullLists(web.ctx, strategyName(request), [recipient]) });
    },
  },
  {
    method: 'post',
    path: '/v1/strategies/{name}/lists',
    id: 'pullLists',
    group: 'Strategies',
    summary: 'What was made ready to recommend to many recipients',
    description: `Like the list of one, for up to ${mostPulled.toLocaleString('en')} recipients. Nothing is stored.`,
    scopes: ['sender'],
    body: {
      'application/json': {
        schema: bodySchema,
        example: { recipients: ['ada@example.com', 'bob@example.com'] },
      },
    },
    answers: listAnswer,
    errors: [400, 404, 413, 415, 422],
    async handle({ web, request, response }) {
      const parsed = readWith(bodySchema, await readJson(request, { maxBytes: 1_000_000 }));
      if (!parsed.ok) throw badInput('body_invalid', 'Send {"recipients": ["…"]}.', parsed.problems);
      response.json({ lists: await pullLists(web.ctx, strategyName(request), parsed.value.recipients) });
    },
  },
];

const neighboursSchema = z.strictObject({
  recipient: z.string(),
  recipientKey: z.string(),
  model: z.string(),
  method: z.string(),
  learnedUntil: time.describe('As of when the neighbours are known.'),
  items: z.array(z.string()).describe('Items that are known of the recipient now.'),
  neighbours: z.array(
    z.strictObject({
      recipientKey: z.string(),
      recipient: z.string().optional().describe('Your own id, where it is known.'),
      similarity: z.number(),
      shared: z.array(z.string()).describe('Items that both have to do with.'),
    }),
  ),
});

const similarSchema = z.strictObject({
  item: z.string(),
  model: z.string(),
  method: z.string(),
  similar: z.array(
    z.strictObject({
      id: z.string(),
      similarity: z.number(),
      shared: z.int().describe('Recipients who have to do with both.'),
    }),
  ),
});

const mostParameter = {
  description: `How many, up to ${mostNeighbours}; 10 unless you say so.`,
  example: '10',
};

const neighbourRoutes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/strategies/{name}/neighbours',
    id: 'findNeighbours',
    group: 'Strategies',
    summary: 'Recipients whose taste is most like that of one',
    scopes: ['analyst'],
    query: { recipient: { description: 'Your own id.', example: 'ada@example.com' }, most: mostParameter },
    answers: {
      200: jsonAnswer('The closest first.', neighboursSchema, {
        ...{ recipient: 'ada@example.com', recipientKey: 'k1', model: 'hiking-picks/3' },
        ...{ method: 'user_knn', learnedUntil: '2026-02-15T03:00:00.000Z', items: ['boots', 'map'] },
        neighbours: [
          { recipientKey: 'k2', recipient: 'bob@example.com', similarity: 0.71, shared: ['boots'] },
        ],
      }),
    },
    errors: [404, 409, 422],
    async handle({ web, request, response }) {
      const recipient = queryText(request.query, 'recipient');
      const asked = { name: strategyName(request), most: mostOf(request.query) };
      response.json(await findNeighbours(web.ctx, recipient, asked));
    },
  },
  {
    method: 'get',
    path: '/v1/strategies/{name}/similar',
    id: 'findSimilarItems',
    group: 'Strategies',
    summary: 'Items that are liked by those who like one',
    scopes: ['analyst'],
    query: { item: { description: 'Id of an item.', example: 'boots' }, most: mostParameter },
    answers: {
      200: jsonAnswer('The closest first.', similarSchema, {
        ...{ item: 'boots', model: 'hiking-picks/3', method: 'item_knn' },
        similar: [{ id: 'tent', similarity: 0.62, shared: 214 }],
      }),
    },
    errors: [404, 409, 422],
    async handle({ web, request, response }) {
      const item = queryText(request.query, 'item');
      const asked = { name: strategyName(request), most: mostOf(request.query) };
      response.json(await findSimilarItems(web.ctx, item, asked));
    },
  },
];

function queryText(query: Readonly<Record<string, unknown>>, name: string): string {
  const value = query[name];
  if (typeof value === 'string' && value !== '') return value;
  throw badInput('query_invalid', `Say which ${name}, as ?${name}=….`, [
    { path: name, message: 'is missing: give it once' },
  ]);
}

function mostOf({ most = '10' }: Readonly<Record<string, unknown>>): number {
  const count = typeof most === 'string' && /^\d{1,3}$/.test(most) ? Number(most) : 0;
  if (count >= 1 && count <= mostNeighbours) return count;
  const message = `must be a whole number from 1 to ${mostNeighbours}`;
  throw badInput('query_invalid', 'This number cannot be used.', [{ path: 'most', message }]);
}

export const recommendationRoutes: readonly ApiRoute[] = [...listRoutes, ...neighbourRoutes];

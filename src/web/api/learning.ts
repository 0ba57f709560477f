import { z } from 'zod';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { text } from '../../experiments/text.js';
import { learnStrategy } from '../../flows/learn-strategy.js';
import { readJson } from '../body.js';
import type { ApiRoute } from './route.js';

const bodySchema = z.strictObject({
  clock: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Nothing that happened at it or later is learned from; now, unless you say so.'),
  seed: text(128).optional().describe('What chance begins with, for kinds that use any.'),
  catalogue: text(80).optional().describe('Hash of the snapshot; the newest, unless you say so.'),
});

export const learnedSchema = z.strictObject({
  hash: z.string().describe('Of what was learned; an experiment pins it.'),
  name: z.string().describe('Of the strategy. Name and number together are the id of the model.'),
  number: z.int(),
  of: z.string().describe('The strategy version, as name@version.'),
  strategy: z.string().describe('Its hash.'),
  parent: z.string().nullable().describe('Hash of the model that was in use when this one was made.'),
  clock: z.iso.datetime(),
  seed: z.string(),
  source: z.strictObject({
    recipients: z.int(),
    events: z.int(),
    catalogue: z.string(),
    sampled: z
      .literal(true)
      .optional()
      .describe(
        'There were more events than memory holds: it learned from some recipients, drawn by chance.',
      ),
  }),
  createdAt: z.iso.datetime(),
});

const hash = 'sha256:0d6f2f9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e';

export const learnRoute: ApiRoute = {
  method: 'post',
  path: '/v1/strategies/{name}/learn',
  id: 'learnStrategy',
  group: 'Strategies',
  summary: 'Let a strategy learn from what recipients did',
  description:
    'The newest version of the name, or the one of name@number. What it learns is kept and never changes; the same events, clock, seed and snapshot give the same.',
  scopes: ['admin'],
  body: { 'application/json': { schema: bodySchema, example: { clock: '2026-03-01T00:00:00Z' } } },
  answers: {
    201: {
      description: 'What was learned, without the state itself.',
      content: {
        'application/json': {
          schema: learnedSchema,
          example: {
            hash,
            name: 'best-sellers',
            number: 1,
            of: 'best-sellers@1',
            strategy: hash,
            parent: null,
            clock: '2026-03-01T00:00:00.000Z',
            seed: '',
            source: { recipients: 20_412, events: 96_318, catalogue: hash },
            createdAt: '2026-03-01T09:00:00.000Z',
          },
        },
      },
    },
  },
  errors: [400, 404, 409, 413, 415, 422],
  async handle({ web, request, response }) {
    const parsed = readWith(bodySchema, await readJson(request, { maxBytes: 10_000 }));
    if (!parsed.ok) throw badInput('body_invalid', 'Send {} or {"clock": "…"}.', parsed.problems);
    const { clock, seed, catalogue } = parsed.value;
    const learned = await learnStrategy(web.ctx, request.params['name'] as string, {
      ...(clock !== undefined && { clock: new Date(clock) }),
      ...(seed !== undefined && { seed }),
      ...(catalogue !== undefined && { catalogue }),
    });
    response.status(201).json(learned);
  },
};

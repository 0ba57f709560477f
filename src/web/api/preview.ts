import { z } from 'zod';
import { findDecision } from '../../flows/find-decision.js';
import { parsePreview, previewSchema } from '../../flows/parse-preview.js';
import { previewArms } from '../../flows/preview-arms.js';
import { readJson } from '../body.js';
import { experimentKey } from './parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const time = z.iso.datetime();
const slots = z.record(z.string(), z.string());
const items = z.array(z.strictObject({ item: z.string(), score: z.number(), reason: z.string() }));
const traits = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const trace = z
  .unknown()
  .describe('Why, as the strategy tells it: conditions with what was expected and found.');

const previewAnswerSchema = z.strictObject({
  experiment: z.string(),
  clock: time,
  recipient: z
    .strictObject({
      id: z.string(),
      drawn: z.string().optional().describe('Absent: takes no part.'),
      enrolled: z.string().optional().describe('What was decided then stays.'),
      decisionId: z.string().optional(),
    })
    .optional(),
  traits,
  events: z.int().describe('Events that some arm looks at.'),
  arms: z.array(
    z.strictObject({
      arm: z.string(),
      slots,
      delivered: z.enum(['strategy', 'fallback', 'nothing']),
      reason: z.string(),
      fallbackReason: z.string().optional(),
      probability: z.number(),
      items: items.optional(),
      trace,
    }),
  ),
});

const decisionSchema = z.strictObject({
  id: z.string(),
  experiment: z.string(),
  arm: z.string(),
  recipientKey: z.string(),
  decidedAt: time,
  slots,
  items: items.optional(),
  delivered: z.enum(['strategy', 'fallback']),
  assignedStrategy: z.string().nullable(),
  deliveredStrategy: z.string().nullable().describe('Null: the fallback, or an arm without strategy.'),
  reason: z.string(),
  fallbackReason: z.string().optional(),
  withheld: z.literal(true).optional().describe('Nothing was to be sent, by the strategy’s own choice.'),
  probability: z.number(),
  chain: z
    .array(z.tuple([z.string(), z.string()]))
    .optional()
    .describe('Steps of the fallback chain.'),
  gist: z
    .unknown()
    .optional()
    .describe('Why, in brief, as it was kept with the decision. Absent: the reason says it all.'),
  manifest: z.looseObject({ hash: z.string() }).describe('Everything that decided.'),
  inputs: z
    .looseObject({ traits, history: z.array(z.looseObject({ type: z.string(), at: z.number() })) })
    .nullable()
    .describe('What it was made from.'),
  trace,
  differences: z.array(z.string()).describe('How it comes out when it is made again, where that differs.'),
});

const exampleArm = {
  arm: 'popular',
  slots: { headline: 'Picked for you' },
  delivered: 'strategy',
  reason: 'best sellers in shoes first',
  probability: 1,
  items: [{ item: 'sku-1', score: 1.8, reason: 'best seller in shoes' }],
  trace: { from: 'favourite_category', favourites: [{ category: 'shoes', worth: 4.9 }] },
};
const examplePreview = {
  experiment: 'spring-picks',
  clock: '2026-03-01T09:00:00.000Z',
  recipient: { id: 'ada@example.com', drawn: 'popular' },
  traits: { country: 'AT' },
  events: 3,
  arms: [exampleArm],
};
const id = 'd_R4sTq0mZc2Lw8yB1nVx7kEo5uHf';
const hash = 'sha256:5b1f0c7d9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d';
const { arm, slots: shown, reason, probability, items: chosen, trace: why } = exampleArm;
const exampleDecision = {
  id,
  experiment: 'spring-picks',
  arm,
  recipientKey: 'hT2mWq8rXb0nZ4vKc6yLsD1pEjGaUf3o',
  decidedAt: '2026-03-01T09:00:00.000Z',
  slots: shown,
  items: chosen,
  delivered: 'strategy',
  assignedStrategy: hash,
  deliveredStrategy: hash,
  reason,
  probability,
  gist: { candidates: 480, favourite: 'shoes' },
  manifest: { hash, schema: 'postulate.manifest/1', experiment: 'spring-picks', arm },
  inputs: { traits: { country: 'AT' }, history: [{ type: 'purchase', at: 1_772_000_000_000 }] },
  trace: why,
  differences: [],
};

const previewAnswer = {
  200: jsonAnswer('What each arm would show. Nothing is stored.', previewAnswerSchema, examplePreview),
};

export const previewRoutes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/experiments/{key}/preview',
    id: 'previewRecipient',
    group: 'Assignments',
    summary: 'What would each arm show this recipient?',
    scopes: ['analyst'],
    query: {
      recipient: { description: 'Id of a recipient who is known.', example: 'ada@example.com' },
      clock: {
        description: 'The moment of the decision; now, unless you say so.',
        example: '2026-03-01T09:00:00Z',
      },
    },
    answers: previewAnswer,
    errors: [404, 422],
    async handle({ web, request, response }) {
      const { recipient, clock } = request.query;
      const asked = parsePreview({
        ...(recipient !== undefined && { recipient }),
        ...(clock !== undefined && { clock }),
      });
      response.json(await previewArms(web.ctx, experimentKey(request), asked));
    },
  },
  {
    method: 'post',
    path: '/v1/experiments/{key}/preview',
    id: 'previewProfile',
    group: 'Assignments',
    summary: 'What would each arm show somebody like this?',
    description:
      'A recipient who is known, somebody made up of traits and events, or a known one with other traits.',
    scopes: ['analyst'],
    body: {
      'application/json': {
        schema: previewSchema,
        example: {
          traits: { country: 'AT' },
          events: [{ type: 'purchase', at: '2026-02-01T10:00:00Z', item: 'sku-1', category: 'shoes' }],
        },
      },
    },
    answers: previewAnswer,
    errors: [400, 404, 413, 415, 422],
    async handle({ web, request, response }) {
      const asked = parsePreview(await readJson(request, { maxBytes: 1_000_000 }));
      response.json(await previewArms(web.ctx, experimentKey(request), asked));
    },
  },
  {
    method: 'get',
    path: '/v1/decisions/{id}',
    id: 'findDecision',
    group: 'Assignments',
    summary: 'A decision of the ledger, with its whole trace',
    description: 'The trace is made again from what the decision was made from, and the decision with it.',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer('The decision.', decisionSchema, exampleDecision),
    },
    errors: [404],
    async handle({ web, request, response }) {
      response.json(await findDecision(web.ctx, request.params['id'] as string));
    },
  },
];

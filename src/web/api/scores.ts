import { z } from 'zod';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { coverageOf } from '../../flows/keep-scores.js';
import { mostScored, scoreRecipients } from '../../flows/score-recipients.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';
import { rowErrorSchema } from './rows.js';
import { strategyName } from './strategy-activation.js';

const time = z.iso.datetime();
const outerSchema = z.strictObject({
  recipients: z.array(z.unknown()).min(1),
  clock: z.iso.datetime({ offset: true }).optional(),
});
const bodySchema = z.strictObject({
  recipients: z.array(z.string()).min(1).max(mostScored).describe('Your own ids.'),
  clock: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Nothing at it or later is looked at; now, unless you say so.'),
});

const scoredSchema = z.strictObject({
  id: z.string(),
  scores: z.record(z.string(), z.number()).describe('Probability by what is predicted.'),
});
const failedSchema = z.strictObject({ index: z.int(), id: z.string().optional(), error: rowErrorSchema });
const answerSchema = z.strictObject({
  strategy: z.string().describe('As name@version.'),
  model: z.string().describe('As name/number: the one in use.'),
  modelHash: z.string(),
  clock: time.describe('As of when the features are.'),
  recipients: z.array(z.union([scoredSchema, failedSchema])).describe('In the order asked for.'),
});
const coverageSchema = z.strictObject({
  trait: z.string().describe('The trait that holds the score.'),
  recipients: z.int(),
  scored: z.int(),
  oldest: time.optional(),
  newest: time.optional(),
});

const hash = 'sha256:0d6f2f9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e';

export const scoreRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/strategies/{name}/scores',
    id: 'scoreRecipients',
    group: 'Strategies',
    summary: 'Ask a model how likely recipients are to do what it predicts',
    description: `By the model of the strategy that is in use, for up to ${mostScored.toLocaleString('en')} recipients. An id that cannot be scored is an error in its place. Nothing is stored.`,
    scopes: ['sender'],
    body: {
      'application/json': {
        schema: bodySchema,
        example: { recipients: ['ada@example.com', 'nobody@example.com'] },
      },
    },
    answers: {
      200: jsonAnswer('A score for each recipient, or why there is none.', answerSchema, {
        ...{ strategy: 'stay@2', model: 'stay/3', modelHash: hash, clock: '2026-03-01T09:00:00.000Z' },
        recipients: [
          { id: 'ada@example.com', scores: { churn: 0.82 } },
          {
            ...{ index: 1, id: 'nobody@example.com' },
            error: {
              code: 'recipient_unknown',
              message: 'nothing is known about such a recipient',
              path: 'id',
            },
          },
        ],
      }),
    },
    errors: [400, 404, 409, 413, 415, 422],
    async handle({ web, request, response }) {
      const parsed = readWith(outerSchema, await readJson(request, { maxBytes: 4_000_000 }));
      if (!parsed.ok) throw badInput('body_invalid', 'Send {"recipients": ["…"]}.', parsed.problems);
      const { recipients, clock } = parsed.value;
      const at = clock === undefined ? undefined : new Date(clock);
      response.json(await scoreRecipients(web.ctx, strategyName(request), recipients, at));
    },
  },
  {
    method: 'get',
    path: '/v1/strategies/{name}/scores',
    id: 'scoreCoverage',
    group: 'Strategies',
    summary: 'How many recipients have a score of this strategy, and how old the scores are',
    description: 'Of the scores that are kept every night as a trait of the profile.',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer('Coverage and age.', coverageSchema, {
        ...{ trait: 'score_stay', recipients: 20_412, scored: 20_398 },
        ...{ oldest: '2026-03-01T00:00:00.000Z', newest: '2026-03-01T00:00:00.000Z' },
      }),
    },
    errors: [404, 409, 422],
    async handle({ web, request, response }) {
      response.json(await coverageOf(web.ctx, strategyName(request)));
    },
  },
];

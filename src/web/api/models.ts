import { z } from 'zod';
import type { Principal } from '../../flows/access.js';
import { findModel, listModels } from '../../flows/find-models.js';
import { toldToWaiter } from '../../flows/learner.js';
import { changeModelInUse, type ModelChange, promotionSchemas } from '../../flows/promote-model.js';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { readJson } from '../body.js';
import { exampleRun, learnedSchema, runSchema } from './learning.js';
import { retrainingAnswer } from './retraining.js';
import type { ApiRoute } from './route.js';

const measureSchema = z
  .looseObject({ name: z.string(), definition: z.string() })
  .describe('With value, interval and higherIsBetter; or refused, with code and reason.');
const checkSchema = z.strictObject({
  measure: z.string(),
  value: z.number().nullable().describe('Null: it could not be had, and detail says why.'),
  threshold: z.number().nullable(),
  alerting: z.boolean(),
  detail: z.unknown(),
  checkedAt: z.iso.datetime(),
});
const modelFields = {
  ...learnedSchema.shape,
  id: z.string(),
  kind: z.string(),
  inUse: z.boolean(),
  report: z
    .looseObject({ measures: z.array(measureSchema), notes: z.array(z.string()) })
    .nullable()
    .describe(
      'Window, hold-out, labels, features, measures beside baselines, calibration; null of old models.',
    ),
  users: z
    .array(z.strictObject({ key: z.string(), title: z.string(), status: z.string(), level: z.string() }))
    .describe('Experiments with arms that decide by it.'),
  checks: z.array(checkSchema).describe('How it did when it was last looked at.'),
  retraining: retrainingAnswer.optional(),
};
const modelSchema = z.strictObject(modelFields);
const promotionSchema = z.strictObject({
  ...{ id: z.string(), name: z.string(), strategy: z.string(), model: z.string() },
  status: z.enum(['promoted', 'kept']),
  why: z.string(),
  comparison: z
    .looseObject({ challenger: measureSchema, clock: z.string() })
    .optional()
    .describe('The new model and the one in use on the same hold-out.'),
  ...{ doneBy: z.string(), doneAt: z.iso.datetime() },
});
const foundSchema = z.strictObject({
  ...modelFields,
  history: z.array(checkSchema),
  record: z
    .array(promotionSchema)
    .describe('What was said about the models of this name; only ever added to.'),
  runs: z.array(runSchema),
  parentId: z.string().optional(),
});

const hash = 'sha256:0d6f2f9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e';
const auc = {
  ...{ name: 'AUC', definition: 'Area under the ROC curve on the hold-out, ties counted half.' },
  ...{ value: 0.6454, interval: [0.6361, 0.6547], higherIsBetter: true },
};
const exampleModel = {
  ...{ hash, id: 'visits/2', name: 'visits', number: 2, of: 'visits@1', strategy: hash, parent: hash },
  ...{
    kind: 'propensity',
    clock: '2026-03-01T00:00:00.000Z',
    seed: '',
    createdAt: '2026-03-01T03:31:00.000Z',
  },
  source: { recipients: 20_412, events: 96_318, catalogue: hash },
  inUse: true,
  report: {
    window: { until: '2026-03-01T00:00:00.000Z' },
    split: { kind: 'time', note: 'The last 30 days.' },
    measures: [auc],
    notes: [],
  },
  users: [{ key: 'spring-offer', title: 'Spring offer', status: 'running', level: 'strategy: picks' }],
  checks: [
    {
      ...{ measure: 'drift of recency', value: 0.0131, threshold: 0.2, alerting: false },
      ...{ detail: { interval: [0.011, 0.0154] }, checkedAt: '2026-03-02T04:47:00.000Z' },
    },
  ],
};
const examplePromotion = {
  ...{ id: 'visits/2', name: 'visits', strategy: hash, model: hash, status: 'promoted' },
  ...{ why: 'AUC 0.6454 against 0.6311 of visits/1 on the same hold-out.', doneBy: 'schedule' },
  doneAt: '2026-03-01T03:31:00.000Z',
};

const listRoute: ApiRoute = {
  method: 'get',
  path: '/v1/models',
  id: 'listModels',
  group: 'Models',
  summary: 'What strategies have learned, the newest first',
  scopes: ['analyst'],
  query: {
    name: { description: 'Of this strategy only.', example: 'visits' },
    offset: { description: 'So many are left out.', example: '50' },
    limit: { description: '1 to 200; 50 unless you say so.', example: '50' },
  },
  answers: {
    200: {
      description: 'A page of models; next is the offset of the page after it.',
      content: {
        'application/json': {
          schema: z.strictObject({ models: z.array(modelSchema), next: z.int().nullable() }),
          example: { models: [exampleModel], next: null },
        },
      },
    },
  },
  errors: [422],
  async handle({ web, request, response }) {
    const { name, offset, limit } = request.query;
    const from = wholeNumber(offset, 'offset', 0, 1e9, 0);
    const most = wholeNumber(limit, 'limit', 1, 200, 50);
    const asked = { offset: from, limit: most + 1, ...(typeof name === 'string' && { name }) };
    const models = await listModels(web.ctx, asked);
    response.json({ models: models.slice(0, most), next: models.length > most ? from + most : null });
  },
};

function wholeNumber(given: unknown, path: string, least: number, most: number, usual: number): number {
  if (given === undefined) return usual;
  const value = Number(given);
  if (typeof given === 'string' && /^\d{1,9}$/.test(given) && value >= least && value <= most) return value;
  throw badInput('query_invalid', `Give ${path} as a whole number from ${least} to ${most}.`, [
    { path, message: `must be a whole number from ${least} to ${most}` },
  ]);
}

const readRoute: ApiRoute = {
  method: 'get',
  path: '/v1/models/{name}/{number}',
  id: 'readModel',
  group: 'Models',
  summary: 'One model: what it learned from, how good it is, how it does by now, who said that it is in use',
  scopes: ['analyst'],
  answers: {
    200: {
      description: 'The model, without its state.',
      content: {
        'application/json': {
          schema: foundSchema,
          example: {
            ...exampleModel,
            ...{
              history: exampleModel.checks,
              record: [examplePromotion],
              runs: [exampleRun],
              parentId: 'visits/1',
            },
          },
        },
      },
    },
  },
  errors: [404],
  async handle({ web, request, response }) {
    const { name, number } = request.params;
    response.json(await findModel(web.ctx, String(name), Number(number)));
  },
};

const changes: Readonly<Record<ModelChange, { summary: string; example: object }>> = {
  promote: {
    summary: 'Take a model into use',
    example: { number: 2, why: 'The shoes are back in stock, which the hold-out did not know.' },
  },
  rollback: {
    summary: 'Go back to the model that was in use before, or to an earlier one',
    example: { why: 'It shows hats to everybody.' },
  },
};

function changeRoute(change: ModelChange): ApiRoute {
  const { summary, example } = changes[change];
  return {
    method: 'post',
    path: `/v1/models/{name}/${change}`,
    id: `${change}Model`,
    group: 'Models',
    summary,
    description:
      'The next experiment that starts is pinned to it. Experiments that run are pinned to theirs and go on as they are. Who did it and why stands in the record.',
    scopes: ['admin'],
    body: { 'application/json': { schema: promotionSchemas[change], example } },
    answers: {
      200: {
        description: 'Which model is in use now.',
        content: {
          'application/json': {
            schema: z.strictObject({ name: z.string(), inUse: z.int(), changed: z.boolean() }),
            example: { name: 'visits', inUse: 2, changed: true },
          },
        },
      },
    },
    errors: [400, 404, 409, 413, 415, 422],
    async handle({ web, request, response }) {
      const body = await readJson(request, { maxBytes: 10_000 });
      const { name: by } = response.locals['principal'] as Principal;
      response.json(await changeModelInUse(web.ctx, change, String(request.params['name']), body, by));
    },
  };
}

const pairSchema = z.strictObject({
  number: z.int().min(1).max(999_999_999),
  against: z.int().min(1).max(999_999_999).optional().describe('Left out: the model in use.'),
});

const compareRoute: ApiRoute = {
  method: 'post',
  path: '/v1/models/{name}/compare',
  id: 'compareModels',
  group: 'Models',
  summary: 'Two models of a name on the same hold-out, the one before now',
  scopes: ['analyst'],
  body: { 'application/json': { schema: pairSchema, example: { number: 2 } } },
  answers: {
    200: {
      description: 'The measure of both.',
      content: {
        'application/json': {
          schema: z.strictObject({
            clock: z.iso.datetime(),
            models: z.array(
              z.strictObject({ id: z.string(), clock: z.iso.datetime(), measure: measureSchema }),
            ),
          }),
          example: {
            clock: '2026-03-08T09:00:00.000Z',
            models: [
              { id: 'visits/2', clock: '2026-03-01T00:00:00.000Z', measure: auc },
              { id: 'visits/1', clock: '2026-02-01T00:00:00.000Z', measure: { ...auc, value: 0.6311 } },
            ],
          },
        },
      },
    },
  },
  errors: [400, 404, 409, 413, 415, 422],
  async handle({ web, request, response }) {
    const parsed = readWith(pairSchema, await readJson(request, { maxBytes: 10_000 }));
    if (!parsed.ok) throw badInput('body_invalid', 'Send {"number": 2}.', parsed.problems);
    const { number, against } = parsed.value;
    const pair = { name: String(request.params['name']), number, ...(against !== undefined && { against }) };
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const compared = await web.ctx.learner
      .run({ do: 'compare', pair }, () => undefined, gone.signal)
      .catch((error: unknown) => {
        throw toldToWaiter(error);
      });
    response.json(compared);
  },
};

export const modelRoutes: readonly ApiRoute[] = [
  listRoute,
  readRoute,
  changeRoute('promote'),
  changeRoute('rollback'),
  compareRoute,
];

import { z } from 'zod';
import type { Principal } from '../../flows/access.js';
import { listScorers } from '../../flows/find-scorers.js';
import { mostFileBytes, registerScorer, scorerSchema } from '../../flows/register-scorer.js';
import { tryScorer } from '../../flows/try-scorer.js';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

/** Base64 takes four bytes for three. */
const maxBytes = (mostFileBytes * 4) / 3 + 1_000_000;

const storedSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  hash: z.string().describe('Of the definition; an arm pins it.'),
  definition: z.looseObject({ type: z.enum(['http', 'onnx']) }),
  registeredBy: z.string(),
  createdAt: z.iso.datetime(),
});
const stateSchema = z
  .strictObject({
    breaker: z.enum(['closed', 'open', 'half_open']).describe('Open: it failed, and is not asked.'),
    until: z.iso.datetime().optional().describe('When it is asked again.'),
    calls: z.int(),
    failures: z.int(),
    reasons: z.record(z.string(), z.int()).describe('Recipients without a score, by code.'),
    p50: z.number().nullable().describe('Milliseconds of the last calls; null: there was none.'),
    p95: z.number().nullable(),
    scored: z.int(),
    unscored: z.int(),
  })
  .describe('As this process has seen it since its start.');

const exampleDefinition = {
  type: 'http',
  url: 'http://127.0.0.1:8000/score',
  model: 'churn-2026-03',
  features: ['recency_days', 'count(purchase, 365d)', 'spend(EUR, 90d)'],
  card: {
    owner: 'crm team',
    trainedBy: 'Ada',
    window: { from: '2025-01-01', until: '2026-01-01' },
    measures: { AUC: 0.71 },
  },
};
const exampleStored = {
  ...{ name: 'churn-python', version: 1 },
  hash: 'sha256:5b1f0c7d9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d',
  definition: {
    ...exampleDefinition,
    ...{ headers: {}, timeoutMs: 200, retries: 1, probability: true, budgetMs: 300, maxBatch: 1000 },
  },
  ...{ registeredBy: 'admin', createdAt: '2026-03-01T09:00:00.000Z' },
};
const exampleState = {
  ...{ breaker: 'closed', calls: 41, failures: 1, reasons: { timeout: 20 } },
  ...{ p50: 12.4, p95: 31.8, scored: 39_980, unscored: 20 },
};

const scoreSchema = z.union([
  z.number(),
  z.strictObject({ refused: z.literal(true), code: z.string(), reason: z.string() }),
]);
const trySchema = z.strictObject({
  scorer: z.string('must be a text').describe('As name@version.'),
  recipients: z
    .array(z.string('must be an id'), 'must be a list of ids')
    .max(100, 'must hold at most 100 ids'),
});

const registerRoute: ApiRoute = {
  method: 'post',
  path: '/v1/scorers',
  id: 'registerScorer',
  group: 'Models',
  summary: 'Register a version of a scorer: a model behind HTTP, or an ONNX file',
  description:
    'Versions never change. A strategy of the kind scored names one as name@version. A file is loaded and tried; an address is not called. Secrets are never stored: a header names the setting that holds it.',
  scopes: ['admin'],
  body: {
    'application/json': {
      schema: scorerSchema,
      example: { name: 'churn-python', definition: exampleDefinition },
    },
  },
  answers: {
    201: jsonAnswer('The version.', storedSchema, exampleStored),
  },
  errors: [400, 413, 415, 422],
  async handle({ web, request, response }) {
    const { name: by } = response.locals['principal'] as Principal;
    const stored = await registerScorer(web.ctx, await readJson(request, { maxBytes }), by);
    response.status(201).json(stored);
  },
};

const listRoute: ApiRoute = {
  method: 'get',
  path: '/v1/scorers',
  id: 'listScorers',
  group: 'Models',
  summary: 'Registered scorers and how they do',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer(
      'By name and version.',
      z.strictObject({ scorers: z.array(storedSchema.extend({ state: stateSchema })) }),
      { scorers: [{ ...exampleStored, state: exampleState }] },
    ),
  },
  async handle({ web, response }) {
    response.json({ scorers: await listScorers(web.ctx) });
  },
};

const tryRoute: ApiRoute = {
  method: 'post',
  path: '/v1/scorers/try',
  id: 'tryScorer',
  group: 'Models',
  summary: 'Ask a scorer about some recipients, as an arm would',
  description: 'Shows what it is told and what it says. Nothing is stored.',
  scopes: ['admin'],
  body: {
    'application/json': {
      schema: trySchema,
      example: { scorer: 'churn-python@1', recipients: ['ada@example.com'] },
    },
  },
  answers: {
    200: jsonAnswer(
      'In the order of the recipients.',
      z.strictObject({
        scorer: z.string(),
        clock: z.iso.datetime(),
        tried: z.array(
          z.strictObject({
            id: z.string(),
            features: z.record(z.string(), z.unknown()),
            score: scoreSchema,
          }),
        ),
      }),
      {
        scorer: 'churn-python@1',
        clock: '2026-03-01T09:00:00.000Z',
        tried: [
          {
            id: 'ada@example.com',
            features: { recency_days: 12, 'count(purchase, 365d)': 3, 'spend(EUR, 90d)': 59.97 },
            score: 0.31,
          },
        ],
      },
    ),
  },
  errors: [400, 404, 413, 415, 422],
  async handle({ web, request, response }) {
    const parsed = readWith(trySchema, await readJson(request, { maxBytes: 100_000 }));
    if (!parsed.ok) throw badInput('invalid_request', 'Name a scorer and recipients.', parsed.problems);
    response.json(await tryScorer(web.ctx, parsed.value.scorer, parsed.value.recipients));
  },
};

export const scorerRoutes: readonly ApiRoute[] = [registerRoute, listRoute, tryRoute];

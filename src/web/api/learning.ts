import type { Response } from 'express';
import { z } from 'zod';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { text } from '../../experiments/text.js';
import type { Principal } from '../../flows/access.js';
import { toldToWaiter } from '../../flows/learner.js';
import type { LearnedAndJudged } from '../../flows/learn-strategy.js';
import {
  askToLearn,
  findRun,
  type LearningRun,
  listRuns,
  stopRun,
  waitForRun,
} from '../../flows/run-learning.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const bodySchema = z.strictObject({
  clock: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Nothing that happened at it or later is learned from; now, unless you say so.'),
  seed: text(128).optional().describe('What chance begins with, for kinds that use any.'),
  catalogue: text(80).optional().describe('Hash of the snapshot; the newest, unless you say so.'),
  waitSeconds: z
    .int('give whole seconds')
    .min(0, 'give 0 to 60 seconds')
    .max(60, 'give 0 to 60 seconds')
    .default(20)
    .describe('So long the answer waits for the model; after that it is the run, which goes on.'),
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
    window: z
      .strictObject({ from: z.iso.datetime().optional(), until: z.iso.datetime() })
      .optional()
      .describe('From the first event that it learned from to the clock.'),
    experiments: z
      .array(z.strictObject({ key: z.string(), arm: z.string(), recipients: z.int() }))
      .optional()
      .describe('Arms whose recipients did something after they were enrolled that it learned from.'),
  }),
  createdAt: z.iso.datetime(),
});

export const judgementSchema = z
  .strictObject({ status: z.enum(['promoted', 'kept']), why: z.string() })
  .describe('Whether it took the place of the model in use.');

export const runSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  strategy: z.string().describe('Hash of the strategy version.'),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'interrupted']),
  step: z.string().describe('What it is doing.'),
  share: z.number().min(0).max(1).optional().describe('How much of the step is done.'),
  message: z.string().optional().describe('How it ended.'),
  options: z.strictObject({
    clock: z.iso.datetime().optional(),
    seed: z.string().optional(),
    catalogue: z.string().optional(),
  }),
  model: z.string().optional().describe('Hash of what it learned.'),
  askedBy: z.string(),
  askedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
});

export const exampleRun = {
  ...{ id: '0195a3c4-8d1e-7c3a-9b52-3f1d2c4b5a69', name: 'best-sellers' },
  strategy: 'sha256:0d6f2f9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e',
  ...{ status: 'running', step: 'reading what recipients did', share: 0.42, options: {}, askedBy: 'Ana' },
  ...{ askedAt: '2026-03-01T09:00:00.000Z', startedAt: '2026-03-01T09:00:02.000Z' },
} as const;
const run = exampleRun;
const hash = 'sha256:0d6f2f9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e';

const learnRoute: ApiRoute = {
  method: 'post',
  path: '/v1/strategies/{name}/learn',
  id: 'learnStrategy',
  group: 'Strategies',
  summary: 'Let a strategy learn from what recipients did',
  description:
    'The newest version of the name, or the one of name@number. What it learns is kept as a model and never changes; the same events, clock, seed and snapshot give the same. The first model of a version is promoted, a later one if it does better than the one in use on the same hold-out. Learning goes on beside whoever is served, one after the other.',
  scopes: ['admin'],
  body: { 'application/json': { schema: bodySchema, example: { clock: '2026-03-01T00:00:00Z' } } },
  answers: {
    201: jsonAnswer(
      'What was learned, without the state itself.',
      z.strictObject({ ...learnedSchema.shape, judgement: judgementSchema }),
      {
        hash,
        name: 'best-sellers',
        number: 1,
        of: 'best-sellers@1',
        strategy: hash,
        parent: null,
        clock: '2026-03-01T00:00:00.000Z',
        seed: '',
        source: {
          ...{ recipients: 20_412, events: 96_318, catalogue: hash },
          window: { from: '2025-09-02T10:11:12.000Z', until: '2026-03-01T00:00:00.000Z' },
          experiments: [{ key: 'spring-offer', arm: 'picks', recipients: 904 }],
        },
        createdAt: '2026-03-01T09:00:00.000Z',
        judgement: { status: 'promoted', why: 'It is the first model of its strategy version.' },
      },
    ),
    202: jsonAnswer(
      'It is not done yet: the run, which goes on. Its address is in Location.',
      runSchema,
      run,
    ),
  },
  errors: [400, 404, 409, 413, 415, 422],
  async handle({ web, request, response }) {
    const parsed = readWith(bodySchema, await readJson(request, { maxBytes: 10_000 }));
    if (!parsed.ok) throw badInput('body_invalid', 'Send {} or {"clock": "…"}.', parsed.problems);
    const { clock, waitSeconds, ...options } = parsed.value;
    const { name: by } = response.locals['principal'] as Principal;
    const asked = {
      ...(clock !== undefined && { clock: new Date(clock).toISOString() }),
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(options.catalogue !== undefined && { catalogue: options.catalogue }),
    };
    const waiting = await askToLearn(web.ctx, request.params['name'] as string, asked, by);
    const ended = await waitForRun(web.ctx, waiting.id, waitSeconds * 1_000);
    if ('error' in ended) throw toldToWaiter(ended.error);
    if ('learned' in ended) answerModel(response, ended.learned);
    else response.status(202).location(`/v1/learning-runs/${ended.run.id}`).json(ended.run);
  },
};

function answerModel(response: Response, learned: LearnedAndJudged): void {
  response.status(201).json(learned);
}

const listRoute: ApiRoute = {
  method: 'get',
  path: '/v1/learning-runs',
  id: 'listLearningRuns',
  group: 'Models',
  summary: 'Learning that goes on, waits or has ended, the newest first',
  scopes: ['analyst'],
  query: { name: { description: 'Of this strategy only.', example: 'best-sellers' } },
  answers: {
    200: jsonAnswer('The 50 newest.', z.strictObject({ runs: z.array(runSchema) }), { runs: [run] }),
  },
  async handle({ web, request, response }) {
    const { name } = request.query;
    response.json({ runs: await listRuns(web.ctx, typeof name === 'string' ? name : undefined) });
  },
};

const runAnswer = (description: string) => ({
  200: jsonAnswer(description, runSchema, run),
});

const readRoute: ApiRoute = {
  method: 'get',
  path: '/v1/learning-runs/{id}',
  id: 'readLearningRun',
  group: 'Models',
  summary: 'How far a learning is, or how it ended',
  scopes: ['analyst'],
  answers: runAnswer('The run.'),
  errors: [404],
  async handle({ web, request, response }) {
    const found: LearningRun = await findRun(web.ctx, String(request.params['id']));
    response.json(found);
  },
};

const stopRoute: ApiRoute = {
  method: 'post',
  path: '/v1/learning-runs/{id}/stop',
  id: 'stopLearningRun',
  group: 'Models',
  summary: 'End a learning before it is done',
  description: 'It ends within seconds and changes nothing; the model in use stays.',
  scopes: ['admin'],
  answers: runAnswer('The run as it is now.'),
  errors: [404, 409],
  async handle({ web, request, response }) {
    const { name: by } = response.locals['principal'] as Principal;
    response.json(await stopRun(web.ctx, String(request.params['id']), by));
  },
};

export const learningRoutes: readonly ApiRoute[] = [learnRoute, listRoute, readRoute, stopRoute];

import { z } from 'zod';
import type { Principal } from '../../flows/access.js';
import { findRetraining, retrainingSchema, setRetraining } from '../../flows/keep-learning.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

export const retrainingAnswer = z.strictObject({
  ...{ name: z.string(), every: z.string(), at: z.string(), setBy: z.string(), next: z.iso.datetime() },
});

const retrainingAnswers = {
  200: jsonAnswer(
    'When it learns next; null: not by itself.',
    z.strictObject({ retraining: retrainingAnswer.nullable() }),
    {
      retraining: {
        ...{ name: 'visits', every: '7d', at: '03:30', setBy: 'Ana', next: '2026-03-08T03:30:00.000Z' },
      },
    },
  ),
};

const readRoute: ApiRoute = {
  method: 'get',
  path: '/v1/strategies/{name}/retraining',
  id: 'readRetraining',
  group: 'Models',
  summary: 'When a strategy learns again by itself',
  scopes: ['analyst'],
  answers: retrainingAnswers,
  errors: [404],
  async handle({ web, request, response }) {
    const retraining = await findRetraining(web.ctx, String(request.params['name']));
    response.json({ retraining: retraining ?? null });
  },
};

const setRoute: ApiRoute = {
  method: 'post',
  path: '/v1/strategies/{name}/retraining',
  id: 'setRetraining',
  group: 'Models',
  summary: 'Let a strategy learn again by itself, or no more',
  description:
    'The active version learns, or the newest where none is active. A new model is taken into use only if it does better; one that fails raises an alert and leaves the model in use.',
  scopes: ['admin'],
  body: { 'application/json': { schema: retrainingSchema, example: { every: '7d', at: '03:30' } } },
  answers: retrainingAnswers,
  errors: [400, 404, 413, 415, 422],
  async handle({ web, request, response }) {
    const body = await readJson(request, { maxBytes: 10_000 });
    const { name: by } = response.locals['principal'] as Principal;
    const retraining = await setRetraining(web.ctx, String(request.params['name']), body, by);
    response.json({ retraining: retraining ?? null });
  },
};

export const retrainingRoutes: readonly ApiRoute[] = [readRoute, setRoute];

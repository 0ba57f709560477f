import { z } from 'zod';
import type { Principal } from '../../flows/access.js';
import { changeModelInUse, type ModelChange, promotionSchemas } from '../../flows/promote-model.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

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
      200: jsonAnswer(
        'Which model is in use now.',
        z.strictObject({ name: z.string(), inUse: z.int(), changed: z.boolean() }),
        { name: 'visits', inUse: 2, changed: true },
      ),
    },
    errors: [400, 404, 409, 413, 415, 422],
    async handle({ web, request, response }) {
      const body = await readJson(request, { maxBytes: 10_000 });
      const { name: by } = response.locals['principal'] as Principal;
      response.json(await changeModelInUse(web.ctx, change, String(request.params['name']), body, by));
    },
  };
}

export const modelChangeRoutes: readonly ApiRoute[] = [changeRoute('promote'), changeRoute('rollback')];

import { z } from 'zod';
import { badInput } from '../../errors.js';
import { findModel, listModels } from '../../flows/find-models.js';
import { modelChangeRoutes } from './model-changes.js';
import { compareModelsRoute } from './model-comparison.js';
import { exampleFound, exampleModel, foundSchema, modelSchema } from './model-schema.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

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
    200: jsonAnswer(
      'A page of models; next is the offset of the page after it.',
      z.strictObject({ models: z.array(modelSchema), next: z.int().nullable() }),
      { models: [exampleModel], next: null },
    ),
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
    200: jsonAnswer('The model, without its state.', foundSchema, exampleFound),
  },
  errors: [404],
  async handle({ web, request, response }) {
    const { name, number } = request.params;
    response.json(await findModel(web.ctx, String(name), Number(number)));
  },
};

export const modelRoutes: readonly ApiRoute[] = [
  listRoute,
  readRoute,
  ...modelChangeRoutes,
  compareModelsRoute,
];

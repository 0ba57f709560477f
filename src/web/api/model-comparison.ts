import { z } from 'zod';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { toldToWaiter } from '../../flows/learner.js';
import { readJson } from '../body.js';
import { exampleMeasure, measureSchema } from './model-schema.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const pairSchema = z.strictObject({
  number: z.int().min(1).max(999_999_999),
  against: z.int().min(1).max(999_999_999).optional().describe('Left out: the model in use.'),
});

export const compareModelsRoute: ApiRoute = {
  method: 'post',
  path: '/v1/models/{name}/compare',
  id: 'compareModels',
  group: 'Models',
  summary: 'Two models of a name on the same hold-out, the one before now',
  scopes: ['analyst'],
  body: { 'application/json': { schema: pairSchema, example: { number: 2 } } },
  answers: {
    200: jsonAnswer(
      'The measure of both.',
      z.strictObject({
        clock: z.iso.datetime(),
        models: z.array(z.strictObject({ id: z.string(), clock: z.iso.datetime(), measure: measureSchema })),
      }),
      {
        clock: '2026-03-08T09:00:00.000Z',
        models: [
          { id: 'visits/2', clock: '2026-03-01T00:00:00.000Z', measure: exampleMeasure },
          {
            id: 'visits/1',
            clock: '2026-02-01T00:00:00.000Z',
            measure: { ...exampleMeasure, value: 0.6311 },
          },
        ],
      },
    ),
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

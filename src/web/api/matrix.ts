import { z } from 'zod';
import { checkMatrix } from '../../flows/check-matrix.js';
import { findExperiment } from '../../flows/find-experiment.js';
import type { Matrix } from '../../strategies/templates/matrix.js';
import { findingSchema } from './finding-schema.js';
import { experimentKey } from './parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const cellSchema = z.strictObject({
  profile: z.string(),
  title: z.string(),
  delivered: z.enum(['strategy', 'fallback']),
  reason: z.string(),
  subject: z.string().optional().describe('Absent where nothing could be rendered.'),
  links: z.array(z.string()),
  bytes: z.int().describe('Of the HTML.'),
  modules: z.array(z.string()).describe('Conditional blocks that are shown.'),
  findings: z.array(findingSchema),
});

const matrixSchema = z.strictObject({
  ok: z.boolean().describe('No errors. An experiment with templates starts only then.'),
  errors: z.int(),
  warnings: z.int(),
  arms: z.array(
    z.strictObject({
      arm: z.string(),
      template: z.string(),
      modules: z.array(z.string()),
      findings: z.array(findingSchema).describe('About the arm as a whole.'),
      cells: z.array(cellSchema),
    }),
  ),
});

const example = {
  ok: true,
  errors: 0,
  warnings: 0,
  arms: [
    {
      arm: 'question',
      template: 'spring@1',
      modules: ['if user.vip'],
      findings: [],
      cells: [
        {
          profile: 'rich',
          title: 'Everything is known',
          delivered: 'strategy',
          reason: 'arm',
          subject: 'Ready for spring, Ada?',
          links: ['https://shop.example/spring'],
          bytes: 412,
          modules: ['if user.vip'],
          findings: [],
        },
      ],
    },
  ],
};

function answerOf({ arms, ...rest }: Matrix): z.infer<typeof matrixSchema> {
  return {
    ...rest,
    arms: arms.map(({ arm, template, modules, findings, cells }) => ({
      arm,
      template,
      modules: modules.map(({ label }) => label),
      findings: [...findings],
      cells: cells.map(({ sample, delivered, reason, message, bytes, shown, findings: found }) => ({
        profile: sample.key,
        title: sample.title,
        delivered,
        reason,
        ...(message && { subject: message.subject }),
        links: [...(message?.links ?? [])],
        bytes,
        modules: modules.filter((_, i) => shown[i]).map(({ label }) => label),
        findings: [...found],
      })),
    })),
  };
}

const nothing: Matrix = { ok: true, errors: 0, warnings: 0, arms: [] };

export const matrixRoute: ApiRoute = {
  method: 'get',
  path: '/v1/experiments/{key}/matrix',
  id: 'checkMatrix',
  group: 'Content',
  summary: 'Every arm for every sample recipient',
  description:
    'Renders each arm, and each fallback, for rich, sparse, empty and hostile recipients and those that the templates name, and says what is wrong. Without templates there are no arms in it.',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer('What each would get.', matrixSchema, example),
  },
  errors: [404],
  async handle({ web, request, response }) {
    const experiment = await findExperiment(web.ctx, experimentKey(request));
    response.json(answerOf((await checkMatrix(web.ctx, experiment)) ?? nothing));
  },
};

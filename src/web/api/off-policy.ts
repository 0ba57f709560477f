import { z } from 'zod';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { text } from '../../experiments/text.js';
import { type PolicyPreview, previewPolicy } from '../../flows/preview-policy.js';
import { readJson } from '../body.js';
import { experimentKey } from './parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const reference = text(200).min(1, 'must be name@version or a hash');
const bodySchema = z.strictObject({
  strategy: reference.describe('Version to be valued, as `name@version` or its hash.'),
  against: reference.optional().describe('Another one, compared on the same decisions.'),
  metric: text(200).min(1).describe('Key of a metric of the experiment.'),
  estimator: z
    .enum(['ips', 'snips', 'dr'], 'must be ips, snips or dr')
    .optional()
    .describe(
      'Unless given, values are self-normalised (snips) and differences by inverse probabilities (ips).',
    ),
  leastEffective: z
    .number('must be a number')
    .min(2, 'must be 2 or more')
    .optional()
    .describe('Refused is what rests on fewer effective decisions; 100, unless you say so.'),
});

const refusedSchema = z.strictObject({ refused: z.literal(true), code: z.string(), reason: z.string() });
const figures = { value: z.number(), se: z.number(), interval: z.tuple([z.number(), z.number()]) };
const valueSchema = z.union([
  z.strictObject({
    ...figures,
    weights: z.strictObject({
      matched: z.int(),
      effective: z.number().describe('(Σw)² / Σw²'),
      carried: z
        .number()
        .describe('(Σ|w r|)² / Σ(w r)², decisions that carry the value; below 20 `meaning` says so.'),
      mean: z.number().describe('Near 1 where the probabilities are right.'),
      meanSe: z.number(),
      largest: z.number(),
      clippedAt: z.number().optional(),
      clipped: z.int(),
    }),
  }),
  refusedSchema,
]);
const differenceSchema = z.union([
  z.strictObject({ ...figures, z: z.number(), differing: z.int(), carried: z.number() }),
  refusedSchema,
]);
const byEach = (figure: typeof valueSchema | typeof differenceSchema) =>
  z.strictObject({ ips: figure, snips: figure, dr: figure }).describe('The same by each estimator.');
const strategyFields = {
  ...{ of: z.string(), model: z.string().optional(), value: valueSchema },
  values: byEach(valueSchema),
};
const previewSchema = z.strictObject({
  experiment: z.string(),
  metric: z.string(),
  decisions: z.strictObject({
    used: z.int(),
    leftOut: z.array(z.strictObject({ reason: z.string(), decisions: z.int() })),
    sampled: z.boolean(),
  }),
  strategy: z.strictObject(strategyFields),
  against: z
    .strictObject({
      ...strategyFields,
      difference: differenceSchema,
      differences: byEach(differenceSchema),
    })
    .optional(),
  meaning: z.array(z.string()).describe('What it means, and what not.'),
});

const exampleValue = {
  ...{ value: 0.118, se: 0.0072, interval: [0.1039, 0.1321] as [number, number] },
  weights: {
    matched: 2_013,
    effective: 2_013,
    carried: 237,
    mean: 1.0065,
    meanSe: 0.0158,
    largest: 2,
    clipped: 0,
  },
};

const example: z.infer<typeof previewSchema> = {
  experiment: 'spring',
  metric: 'conversion',
  decisions: { used: 4_000, leftOut: [{ reason: 'window_open', decisions: 120 }], sampled: false },
  strategy: {
    of: 'by-tier@2',
    value: exampleValue,
    values: { ips: exampleValue, snips: exampleValue, dr: exampleValue },
  },
  meaning: ['It is no verdict: nobody was assigned to it.'],
};

export const offPolicyRoute: ApiRoute = {
  method: 'post',
  path: '/v1/experiments/{key}/off-policy',
  id: 'previewPolicy',
  group: 'Strategies',
  summary: 'What a strategy would have brought in an experiment',
  description:
    'Decides again, as of each decision of the experiment, by a strategy that did not make it, and weighs what came of the deliveries that it would have made, too, by the chance that they had. Refused with a reason where the chances are unknown, where it would deliver what nobody got, or where too few decisions say anything. Stores nothing.',
  scopes: ['analyst'],
  body: {
    'application/json': { schema: bodySchema, example: { strategy: 'by-tier@2', metric: 'conversion' } },
  },
  answers: {
    200: jsonAnswer('Values with intervals, or why they cannot be had.', previewSchema, example),
  },
  errors: [400, 404],
  async handle({ web, request, response }) {
    const key = experimentKey(request);
    const parsed = readWith(bodySchema, await readJson(request, { maxBytes: 20_000 }));
    if (!parsed.ok) throw badInput('invalid_request', 'This was not asked as it must be.', parsed.problems);
    const { strategy, metric, against, estimator, leastEffective } = parsed.value;
    const preview: PolicyPreview = await previewPolicy(web.ctx, key, {
      ...{ strategy, metric },
      ...(against !== undefined && { against }),
      ...(estimator && { estimator }),
      ...(leastEffective !== undefined && { leastEffective }),
    });
    response.json(preview);
  },
};

import { z } from 'zod';
import { badInput } from '../../errors.js';
import { cohortSchema } from '../../experiments/draft.js';
import { metricInputSchema } from '../../experiments/metric-draft.js';
import { findExperiment } from '../../flows/find-experiment.js';
import { loadCohortReport } from '../../flows/load-cohort-report.js';
import { refillProgress } from '../../flows/read-freshness.js';
import { requestRefill } from '../../flows/refill.js';
import { readJson } from '../body.js';
import { refillSchema } from './freshness.js';
import { experimentKey } from './parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute, Call } from './route.js';

const MAX_BYTES = 200_000;

const requestedSchema = z.strictObject({
  refill: z.string().describe('Look for it in the refills of the experiment.'),
});
const exampleRequested = { refill: '0198f3a0-6c1e-7a52-9d55-3f0e7b6a4c21' };

/** `{"metric": …}` or `{"cohort": …}` and nothing else; what is in it is checked by the flow. */
async function additionOf({ request }: Call, name: 'metric' | 'cohort'): Promise<unknown> {
  const body = await readJson(request, { maxBytes: MAX_BYTES });
  if (typeof body === 'object' && body !== null && Object.hasOwn(body, name)) {
    const { [name]: addition, ...rest } = body as Record<string, unknown>;
    if (Object.keys(rest).length === 0) return addition;
  }
  throw badInput('body_invalid', `Send {"${name}": …} and nothing else.`, [
    { path: name, message: `the ${name} to add` },
  ]);
}

function accept({ response }: Call, key: string, refill: string): void {
  response.status(202).location(`/v1/experiments/${key}/refills`).json({ refill });
}

const requested = {
  202: jsonAnswer(
    'Asked for, and done within minutes; until then the experiment is as it was.',
    requestedSchema,
    exampleRequested,
  ),
};

const addMetric: ApiRoute = {
  method: 'post',
  path: '/v1/experiments/{key}/metrics',
  id: 'addMetric',
  group: 'Experiments',
  summary: 'Add a metric to an experiment that has started, and fill it from the events',
  description:
    'A built-in metric by its name, a changed built-in one, or a metric written out. It can not be primary: what decides is written down before the start.',
  scopes: ['admin'],
  body: {
    'application/json': {
      schema: z.strictObject({ metric: metricInputSchema }),
      example: { metric: 'unsubscribe' },
    },
  },
  answers: requested,
  errors: [400, 404, 409, 413, 415, 422],
  async handle(call) {
    const key = experimentKey(call.request);
    const metric = await additionOf(call, 'metric');
    accept(call, key, await requestRefill(call.web.ctx, key, { metric }));
  },
};

const addCohort: ApiRoute = {
  method: 'post',
  path: '/v1/experiments/{key}/cohorts',
  id: 'addCohort',
  group: 'Experiments',
  summary: 'Keep a cohort that was asked for afterwards: the report is broken down by it from then on',
  scopes: ['admin'],
  body: {
    'application/json': { schema: z.strictObject({ cohort: cohortSchema }), example: { cohort: 'country' } },
  },
  answers: requested,
  errors: [400, 404, 409, 413, 415, 422],
  async handle(call) {
    const key = experimentKey(call.request);
    const cohort = await additionOf(call, 'cohort');
    accept(call, key, await requestRefill(call.web.ctx, key, { cohort }));
  },
};

const refills: ApiRoute = {
  method: 'get',
  path: '/v1/experiments/{key}/refills',
  id: 'refills',
  group: 'Experiments',
  summary: 'What was added afterwards, and how far it is filled',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer(
      'Open ones first, then the last ones.',
      z.strictObject({ refills: z.array(refillSchema) }),
      {
        refills: [
          {
            id: exampleRequested.refill,
            experiment: 'spring-subject',
            reason: 'metric',
            addition: { metric: 'unsubscribe' },
            requestedAt: '2026-03-05T10:00:00.000Z',
            finishedAt: null,
            recipients: 12_000,
            enrolled: 30_000,
            error: null,
          },
        ],
      },
    ),
  },
  errors: [404],
  async handle({ web, request, response }) {
    const { key } = await findExperiment(web.ctx, experimentKey(request));
    response.json({ refills: await refillProgress(web.ctx, key) });
  },
};

/** The cohort of the `?trait=` of the address. */
export function traitOf(trait: unknown): string {
  if (typeof trait === 'string' && trait.length > 0 && trait.length <= 64 && !trait.includes('\0'))
    return trait;
  throw badInput(
    'trait_invalid',
    'Name the trait to break down by, in 1 to 64 characters, as in ?trait=country.',
    [{ path: 'trait', message: 'use the name of one trait' }],
  );
}

const cohortOutline = z.strictObject({
  trait: z.string(),
  exploratory: z.literal(true),
  asOf: z.iso.datetime(),
  metric: z.string(),
  cohort: z.looseObject({ trait: z.string(), effects: z.array(z.looseObject({})) }),
});

const askForCohort: ApiRoute = {
  method: 'get',
  path: '/v1/experiments/{key}/cohort',
  id: 'askCohort',
  group: 'Reports',
  summary: 'Break the deciding metric down by a trait that was not declared',
  description:
    'Asked for afterwards, so exploratory: who looks at enough traits finds a difference in one of them. Only what was known of a recipient before the enrolment counts.',
  scopes: ['analyst'],
  query: { trait: { description: 'Which trait.', example: 'country' } },
  answers: {
    200: jsonAnswer('As the cohorts of a report.', cohortOutline, {
      trait: 'country',
      exploratory: true,
      asOf: '2026-03-16T09:00:00.000Z',
      metric: 'clicked',
      cohort: { trait: 'country', effects: [] },
    }),
  },
  errors: [404, 422],
  async handle({ web, request, response }) {
    const trait = traitOf(request.query['trait']);
    const report = await loadCohortReport(web.ctx, experimentKey(request), trait);
    const [metric] = report.metrics;
    const [cohort] = report.cohorts;
    response.json({ trait, exploratory: true, asOf: report.asOf, metric: metric?.key, cohort });
  },
};

export const additionRoutes: readonly ApiRoute[] = [addMetric, addCohort, refills, askForCohort];

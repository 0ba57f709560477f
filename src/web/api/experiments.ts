import { draftSchema } from '../../experiments/draft.js';
import { exampleDraft } from '../../experiments/example-draft.js';
import type { Action } from '../../experiments/lifecycle.js';
import { changeStatus } from '../../flows/change-status.js';
import { createExperiment } from '../../flows/create-experiment.js';
import { findExperiment, listExperiments } from '../../flows/find-experiment.js';
import { readJson } from '../body.js';
import { exampleExperiment } from './examples.js';
import { experimentAnswer, experimentListSchema, experimentSchema } from './experiment-schema.js';
import { experimentKey } from './parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const MAX_DRAFT_BYTES = 4_000_000;

const oneExperiment = (description: string) => jsonAnswer(description, experimentSchema, exampleExperiment);

const create: ApiRoute = {
  method: 'post',
  path: '/v1/experiments',
  id: 'createExperiment',
  group: 'Experiments',
  summary: 'Write down an experiment as a draft',
  description:
    'Nothing is drawn before it is started. Unknown fields are refused, so that a typing mistake is an error and not a silent default.',
  scopes: ['admin'],
  body: { 'application/json': { schema: draftSchema, example: exampleDraft } },
  answers: { 201: oneExperiment('The draft, with everything that was filled in.') },
  errors: [400, 409, 413, 415, 422],
  async handle({ web, request, response }) {
    const draft = await readJson(request, { maxBytes: MAX_DRAFT_BYTES });
    const experiment = await createExperiment(web.ctx, draft);
    response.status(201).location(`/v1/experiments/${experiment.key}`).json(experimentAnswer(experiment));
  },
};

const list: ApiRoute = {
  method: 'get',
  path: '/v1/experiments',
  id: 'listExperiments',
  group: 'Experiments',
  summary: 'All experiments, newest first',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer('One line per experiment.', experimentListSchema, {
      experiments: [
        {
          key: exampleDraft.key,
          title: exampleExperiment.title,
          status: 'running',
          createdAt: '2026-03-01T09:00:00.000Z',
          startedAt: '2026-03-01T09:05:00.000Z',
          enrolled: 20_000,
          arms: exampleExperiment.arms.length,
          primaryMetric: exampleExperiment.metrics[0]?.key ?? 'clicked',
        },
      ],
    }),
  },
  async handle({ web, response }) {
    response.json({ experiments: await listExperiments(web.ctx) });
  },
};

const read: ApiRoute = {
  method: 'get',
  path: '/v1/experiments/{key}',
  id: 'readExperiment',
  group: 'Experiments',
  summary: 'One experiment with its design',
  scopes: ['analyst'],
  answers: { 200: oneExperiment('The experiment.') },
  errors: [404],
  async handle({ web, request, response }) {
    response.json(experimentAnswer(await findExperiment(web.ctx, experimentKey(request))));
  },
};

const summaries: Readonly<Record<Action, string>> = {
  start: 'Start a draft: recipients can be drawn from now on, and the design no longer changes',
  pause: 'Draw no new recipients for a while; enrolled ones keep their arm',
  resume: 'Draw again after a pause',
  stop: 'End the enrolment for good; events still count inside their window',
};

function change(action: Action): ApiRoute {
  return {
    method: 'post',
    path: `/v1/experiments/{key}/${action}`,
    id: `${action}Experiment`,
    group: 'Experiments',
    summary: summaries[action],
    scopes: ['admin'],
    answers: { 200: oneExperiment('The experiment in its new status.') },
    errors: action === 'start' ? [404, 409, 422] : [404, 409],
    async handle({ web, request, response }) {
      response.json(experimentAnswer(await changeStatus(web.ctx, experimentKey(request), action)));
    },
  };
}

export const experimentRoutes: readonly ApiRoute[] = [
  create,
  list,
  read,
  change('start'),
  change('pause'),
  change('resume'),
  change('stop'),
];

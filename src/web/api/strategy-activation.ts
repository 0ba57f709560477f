import { z } from 'zod';
import type { Principal } from '../../flows/access.js';
import { type ActivationChange, activationSchemas, changeActivation } from '../../flows/change-activation.js';
import { findStrategy } from '../../flows/find-strategy.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const activationSchema = z.strictObject({
  name: z.string(),
  active: z.int().nullable().describe('Number of the version that is active now; null: none.'),
  changed: z.boolean().describe('False where it was so already.'),
});

const changes: Readonly<Record<ActivationChange, { summary: string; description: string; example: object }>> =
  {
    activate: {
      summary: 'Make a version the one to use',
      description: 'Experiments that run are pinned to theirs and go on as they are.',
      example: { version: 2, note: 'Autumn' },
    },
    rollback: {
      summary: 'Go back to the version that was active before, or to an earlier one',
      description: 'One more entry in the record; nothing in it is ever changed.',
      example: { note: 'Too many discounts' },
    },
    retire: {
      summary: 'Take a strategy out of use',
      description: 'No version is the one to use from then on. Experiments that run go on as they are.',
      example: { note: 'Replaced by spring-offers' },
    },
  };

function changeRoute(change: ActivationChange): ApiRoute {
  const { summary, description, example } = changes[change];
  return {
    method: 'post',
    path: `/v1/strategies/{name}/${change}`,
    id: `${change}Strategy`,
    group: 'Strategies',
    ...{ summary, description },
    scopes: ['admin'],
    body: { 'application/json': { schema: activationSchemas[change], example } },
    answers: {
      200: jsonAnswer('What the name stands for now.', activationSchema, {
        name: 'regulars-first',
        active: change === 'retire' ? null : 2,
        changed: true,
      }),
    },
    errors: [400, 404, 409, 413, 415, 422],
    async handle({ web, request, response }) {
      const body = await readJson(request, { maxBytes: 100_000 });
      const { name: by } = response.locals['principal'] as Principal;
      response.json(await changeActivation(web.ctx, change, strategyName(request), body, by));
    },
  };
}

export function strategyName({ params }: { readonly params: Readonly<Record<string, unknown>> }): string {
  return String(params['name']);
}

const status = z.enum(['draft', 'active', 'retired']);
const foundSchema = z.strictObject({
  name: z.string(),
  active: z.int().nullable(),
  versions: z.array(
    z.strictObject({
      version: z.int(),
      hash: z.string(),
      kind: z.string(),
      status,
      definition: z.unknown(),
      createdAt: z.iso.datetime(),
      usedBy: z.array(z.strictObject({ key: z.string(), title: z.string(), status: z.string() })),
    }),
  ),
  record: z.array(
    z.strictObject({
      version: z.int(),
      status: z.enum(['active', 'retired']),
      note: z.string().optional(),
      doneBy: z.string(),
      doneAt: z.iso.datetime(),
    }),
  ),
});

const readRoute: ApiRoute = {
  method: 'get',
  path: '/v1/strategies/{name}',
  id: 'readStrategy',
  group: 'Strategies',
  summary: 'One strategy with its versions, who uses them, and the record of what was active',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer('The strategy.', foundSchema, {
      name: 'regulars-first',
      active: 1,
      versions: [
        {
          ...{ version: 1, hash: 'sha256:5b1f0c7d', kind: 'static', status: 'active' },
          ...{
            definition: { kind: 'static', slots: { subject: 'Hi' } },
            createdAt: '2026-03-01T09:00:00.000Z',
          },
          usedBy: [{ key: 'spring-offer', title: 'Spring offer', status: 'running' }],
        },
      ],
      record: [{ version: 1, status: 'active', doneBy: 'Ana', doneAt: '2026-03-02T09:00:00.000Z' }],
    }),
  },
  errors: [404],
  async handle({ web, request, response }) {
    const { name, active, versions, record } = await findStrategy(web.ctx, strategyName(request));
    response.json({
      ...{ name, active: active ?? null },
      versions: versions.map(({ name: _name, ...version }) => version),
      record: record.map(({ name: _name, hash: _hash, ...entry }) => entry),
    });
  },
};

export const activationRoutes: readonly ApiRoute[] = [
  readRoute,
  changeRoute('activate'),
  changeRoute('rollback'),
  changeRoute('retire'),
];

import type { Router } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import type { ApiRoute } from '../../src/web/api/route.js';
import { apiRouter, expressPath } from '../../src/web/api/router.js';
import { apiRoutes } from '../../src/web/api/routes.js';
import { openApiDocument, problemExamples } from '../../src/web/openapi.js';
import { problemSchema, titleOf } from '../../src/web/errors.js';
import { rateLimits } from '../../src/web/rate-limits.js';
import { openHarness, type Harness } from './web-harness.js';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: object; security: object[] }>>;
  components: { responses: object };
}

let h: Harness;
beforeAll(async () => {
  h = await openHarness();
});
afterAll(() => h.database.close());

const document = openApiDocument(apiRoutes, 'http://localhost') as unknown as Document;
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method} ${path}`),
);

describe('the description of the API', () => {
  it('is served as OpenAPI 3.1, to everybody', async () => {
    const answer = await request(h.app).get('/openapi.json');
    expect(answer.status).toBe(200);
    expect(answer.body.openapi).toBe('3.1.0');
    expect(Object.keys(answer.body.paths as object)).toEqual(Object.keys(document.paths));
  });

  it('has exactly the routes that are registered', () => {
    const router = apiRouter(
      {
        ctx: h.ctx,
        settings: { publicUrl: '', rateLimitPerMinute: 1 },
        recordEvents: () => Promise.resolve([]),
        authenticateToken: () => Promise.reject(new Error('nobody asks')),
      },
      apiRoutes,
      rateLimits(1),
    );
    expect(registered(router).sort()).toEqual(described.map((route) => expressPath(route)).sort());
  });

  it('has the routes that were promised', () => {
    expect(described.sort()).toEqual(
      [
        'post /v1/experiments',
        'get /v1/strategies/{name}/scores',
        'post /v1/strategies/{name}/scores',
        'get /v1/experiments',
        'get /v1/experiments/{key}',
        'post /v1/experiments/{key}/start',
        'post /v1/experiments/{key}/pause',
        'post /v1/experiments/{key}/resume',
        'post /v1/experiments/{key}/stop',
        'post /v1/experiments/{key}/assignments',
        'post /v1/events',
        'post /v1/profiles',
        'get /v1/profiles/{recipient}',
        'post /v1/items',
        'get /v1/quality',
        'get /v1/quarantine',
        'get /v1/export/assignments',
        'get /v1/export/events',
        'get /v1/export/facts',
        'get /v1/export/cells',
        'get /v1/experiments/{key}/events',
        'get /v1/experiments/{key}/event-counts',
        'get /v1/freshness',
        'get /v1/experiments/{key}/funnel',
        'get /v1/experiments/{key}/maturity',
        'get /v1/experiments/{key}/cohort',
        'get /v1/experiments/{key}/refills',
        'post /v1/experiments/{key}/metrics',
        'post /v1/experiments/{key}/cohorts',
        'get /v1/experiments/{key}/report',
        'get /v1/experiments/{key}/report.csv',
        'post /v1/strategies',
        'get /v1/strategies',
        'post /v1/contents',
        'get /v1/contents',
        'post /v1/templates',
        'get /v1/templates',
        'get /v1/templates/{reference}',
        'post /v1/experiments/{key}/render',
        'get /v1/experiments/{key}/matrix',
        'post /v1/experiments/{key}/off-policy',
        'get /v1/strategies/{name}',
        'post /v1/strategies/lint',
        'post /v1/strategies/compare',
        'post /v1/strategies/{name}/activate',
        'post /v1/strategies/{name}/rollback',
        'post /v1/strategies/{name}/retire',
        'post /v1/strategies/{name}/learn',
        'get /v1/strategies/{name}/retraining',
        'post /v1/strategies/{name}/retraining',
        'get /v1/learning-runs',
        'get /v1/learning-runs/{id}',
        'post /v1/learning-runs/{id}/stop',
        'get /v1/features',
        'get /v1/models',
        'get /v1/models/{name}/{number}',
        'post /v1/models/{name}/promote',
        'post /v1/models/{name}/rollback',
        'post /v1/models/{name}/compare',
        'get /v1/alerts',
        'get /v1/scorers',
        'post /v1/scorers',
        'post /v1/scorers/try',
        'post /v1/alerts/{id}/close',
        'get /v1/strategies/{name}/lists',
        'post /v1/strategies/{name}/lists',
        'get /v1/strategies/{name}/neighbours',
        'get /v1/strategies/{name}/similar',
        'post /v1/catalogue/snapshots',
        'get /v1/catalogue/snapshots',
        'get /v1/experiments/{key}/preview',
        'post /v1/experiments/{key}/preview',
        'get /v1/decisions/{id}',
        'post /v1/segments',
        'get /v1/segments',
        'get /v1/segments/{name}',
        'get /v1/segments/{name}/members',
        'post /v1/personas',
        'get /v1/personas',
        'get /v1/personas/{name}',
        'post /v1/personas/{name}/texts',
        'get /v1/audience',
        'get /openapi.json',
        'get /schemas/rules.json',
        'get /schemas/tree.json',
        'get /healthz',
      ].sort(),
    );
  });

  it('gives every operation its own name, its errors and its security', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
    for (const operation of operations) expect(operation.responses).toHaveProperty('500');
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/#\/components\/responses\/(\w+)/g)) {
      expect(document.components.responses).toHaveProperty(name!);
    }
  });

  it('has examples that its own schemas accept', () => {
    for (const route of apiRoutes) {
      for (const [mediaType, { schema, example }] of bodies(route)) {
        const given = mediaType === 'application/yaml' ? (parse(String(example)) as unknown) : example;
        const rows = mediaType === 'application/x-ndjson' ? linesOf(given) : [given];
        for (const row of rows) accept(schema, row, `${route.id} ${mediaType}`);
      }
    }
    for (const status of Object.keys(titleOf)) accept(problemSchema, problemExamples[Number(status)], status);
  });
});

describe('real answers', () => {
  it('are what the description says', async () => {
    const header = await h.bearer('admin');
    const call = async (id: string, path: string, body?: object): Promise<unknown> => {
      const route = apiRoutes.find((candidate) => candidate.id === id)!;
      const sent = request(h.app)[route.method](path).set(header);
      const answer = await (body === undefined ? sent : sent.send(body));
      const content = route.answers[answer.status]?.content['application/json'];
      expect([id, answer.status, content !== undefined]).toEqual([id, answer.status, true]);
      if (content && 'schema' in content) accept(content.schema, answer.body, id);
      return answer.body;
    };
    const key = exampleDraft.key;
    await call('registerStrategy', '/v1/strategies', {
      name: 'one',
      definition: { kind: 'static', slots: { subject: 'Hi' } },
    });
    await call('createExperiment', '/v1/experiments', exampleDraft);
    await call('startExperiment', `/v1/experiments/${key}/start`);
    const recipients = [{ id: 'a', traits: { orders: 3 } }, { id: 'b' }, { id: '' }];
    const { assignments } = (await call('assignRecipients', `/v1/experiments/${key}/assignments`, {
      recipients,
    })) as { assignments: { messageId: string }[] };
    const sent = { id: 'e1', type: 'sent', messageId: assignments[0]!.messageId, at: '2026-03-01T10:00:00Z' };
    await call('recordEvents', '/v1/events', { events: [sent, sent, {}] });
    await call('pauseExperiment', `/v1/experiments/${key}/pause`);
    await call('resumeExperiment', `/v1/experiments/${key}/resume`);
    await call('listExperiments', '/v1/experiments');
    await call('readExperiment', `/v1/experiments/${key}`);
    await call('readReport', `/v1/experiments/${key}/report`);
    for (const [id, path] of [
      ['latestEvents', 'events'],
      ['eventCounts', 'event-counts'],
      ['funnel', 'funnel'],
      ['maturity', 'maturity'],
      ['askCohort', 'cohort?trait=plan'],
    ] as const) {
      await call(id, `/v1/experiments/${key}/${path}`);
    }
    await call('addMetric', `/v1/experiments/${key}/metrics`, { metric: 'complaint' });
    await call('addCohort', `/v1/experiments/${key}/cohorts`, { cohort: 'plan' });
    await call('refills', `/v1/experiments/${key}/refills`);
    await call('freshness', '/v1/freshness');
    await call('stopExperiment', `/v1/experiments/${key}/stop`);
    await call('listStrategies', '/v1/strategies');
    await call('health', '/healthz');
  });

  it('that are errors have one shape', async () => {
    const header = await h.bearer('sender');
    const answers = await Promise.all([
      request(h.app).get('/v1/experiments'),
      request(h.app).get('/v1/experiments').set(header),
      request(h.app).get('/v1/nothing'),
      request(h.app).delete('/v1/experiments'),
      request(h.app).post('/v1/experiments/none/assignments').set(header).send({ recipients: [] }),
      request(h.app).post('/v1/experiments/none/assignments').set(header).send('[]'),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([401, 403, 404, 405, 404, 415]);
    for (const answer of answers) accept(z.strictObject(problemSchema.shape), answer.body, answer.text);
  });
});

describe('the page about the API', () => {
  it('shows every route and every error without a script', async () => {
    const page = await request(h.app).get('/docs/api');
    expect(page.status).toBe(200);
    for (const route of apiRoutes) expect(page.text).toContain(`id="${route.id}"`);
    for (const status of Object.keys(titleOf)) expect(page.text).toContain(`id="error-${status}"`);
    expect(page.text).not.toContain('<script');
  });
});

function bodies(route: ApiRoute): [string, { schema: z.ZodType; example: unknown }][] {
  const contents = [route.body ?? {}, ...Object.values(route.answers).map((answer) => answer.content)];
  return contents.flatMap((content) =>
    Object.entries(content).flatMap(([mediaType, one]) =>
      'schema' in one ? [[mediaType, one] as [string, { schema: z.ZodType; example: unknown }]] : [],
    ),
  );
}

function linesOf(example: unknown): unknown[] {
  return String(example)
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function accept(schema: z.ZodType, value: unknown, what: string): void {
  const parsed = schema.safeParse(value);
  expect([what, parsed.error?.issues]).toEqual([what, undefined]);
}

function registered(router: Router): string[] {
  interface Layer {
    route?: { path: string; methods: Record<string, boolean> };
  }
  return (router.stack as unknown as Layer[]).flatMap(({ route }) => {
    if (!route) return [];
    return ['get', 'post']
      .filter((method) => route.methods[method])
      .map((method) => `${method} ${route.path}`);
  });
}

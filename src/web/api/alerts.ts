import { z } from 'zod';
import type { Principal } from '../../flows/access.js';
import { closeAlert, listAlerts } from '../../flows/alerts.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const alertSchema = z.strictObject({
  id: z.string(),
  kind: z.string().describe('drift, learning or volume: what noticed it.'),
  subject: z.string().describe('What it is about. There is one open alert for each kind and subject.'),
  message: z.string(),
  detail: z.unknown().describe('The figures behind it.'),
  raisedAt: z.iso.datetime(),
  seenAt: z.iso.datetime().describe('When it was last found to be so still.'),
  closedAt: z.iso.datetime().optional(),
  closedBy: z.string().optional().describe('"over" where it was over by itself.'),
});

const example = {
  ...{ id: '9f1f4a0b7c8f6a1d2e3b4c5d', kind: 'volume', subject: 'converted per send' },
  message: 'converted per send on 2026-03-01: 0.41 %, below the usual 1.10 % to 2.30 % for such a day.',
  detail: { day: '2026-03-01', value: 0.0041, low: 0.011, high: 0.023 },
  ...{ raisedAt: '2026-03-02T01:07:00.000Z', seenAt: '2026-03-02T01:07:00.000Z' },
};

export const alertRoutes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/alerts',
    id: 'listAlerts',
    group: 'Models',
    summary: 'What somebody should look at: drift, learning that failed, odd volumes',
    scopes: ['analyst'],
    query: { open: { description: 'true: those that nobody has closed.', example: 'true' } },
    answers: {
      200: jsonAnswer('Open ones first, at most 100.', z.strictObject({ alerts: z.array(alertSchema) }), {
        alerts: [example],
      }),
    },
    async handle({ web, request, response }) {
      response.json({ alerts: await listAlerts(web.ctx, request.query['open'] === 'true') });
    },
  },
  {
    method: 'post',
    path: '/v1/alerts/{id}/close',
    id: 'closeAlert',
    group: 'Models',
    summary: 'Settle an alert',
    description: 'If it is still so when it is looked at again, a new one is raised.',
    scopes: ['admin'],
    answers: {
      200: jsonAnswer('The alert, closed.', alertSchema, {
        ...example,
        closedAt: '2026-03-02T08:00:00.000Z',
        closedBy: 'Ana',
      }),
    },
    errors: [404, 409],
    async handle({ web, request, response }) {
      const { name } = response.locals['principal'] as Principal;
      response.json(await closeAlert(web.ctx, String(request.params['id']), name));
    },
  },
];

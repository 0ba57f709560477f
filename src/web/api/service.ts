import { z } from 'zod';
import { checkHealth } from '../../flows/check-health.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

/** Without a database nothing can be served, so a load balancer has to know. */
export const healthRoute: ApiRoute = {
  method: 'get',
  path: '/healthz',
  id: 'health',
  group: 'Service',
  summary: 'Does the service work, with its database?',
  scopes: null,
  answers: {
    200: jsonAnswer('It does.', z.strictObject({ status: z.literal('ok') }), { status: 'ok' }),
  },
  async handle({ web, response }) {
    await checkHealth(web.ctx);
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  },
};

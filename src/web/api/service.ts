import { z } from 'zod';
import { checkHealth } from '../../flows/check-health.js';
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
    200: {
      description: 'It does.',
      content: {
        'application/json': {
          schema: z.strictObject({ status: z.literal('ok') }),
          example: { status: 'ok' },
        },
      },
    },
  },
  async handle({ web, response }) {
    await checkHealth(web.ctx);
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  },
};

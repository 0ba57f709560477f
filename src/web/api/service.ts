import { z } from 'zod';
import { unavailable } from '../../errors.js';
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
    try {
      await web.ctx.db.raw('select 1');
    } catch {
      throw unavailable('database_unavailable', 'The database does not answer.');
    }
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  },
};

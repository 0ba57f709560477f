import { join } from 'node:path';
import express, { type Express, type Request } from 'express';
import { authenticateToken } from '../flows/access.js';
import { ingestQueue } from '../flows/ingest-queue.js';
import { joinCalls } from '../flows/join-calls.js';
import { packageRoot } from '../package-root.js';
import { apiRoutes } from './api/routes.js';
import { apiRouter } from './api/router.js';
import { loadAssets } from './assets.js';
import { sessionOf } from './authenticate.js';
import { answerErrors } from './errors.js';
import { HttpProblem } from './http-problem.js';
import { frameOf, renderView } from './pages/page.js';
import { pagesRouter } from './pages/pages-router.js';
import { rateLimits } from './rate-limits.js';
import { securityHeaders } from './security.js';
import type { Web } from './web.js';

/** The whole of HTTP: security headers, files, the API, the pages, and every error as an answer. */
export function createApp(given: Omit<Web, 'recordEvents' | 'authenticateToken'>): Express {
  const { ctx } = given;
  const web: Web = {
    ...given,
    recordEvents: ingestQueue(ctx),
    authenticateToken: joinCalls((token) => authenticateToken(ctx, token)),
  };
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', web.settings.trustProxy ?? false);
  app.set('query parser', 'simple');
  app.set('views', join(packageRoot(), 'views'));
  app.set('view engine', 'ejs');
  app.enable('view cache');
  const assets = loadAssets();
  const limits = rateLimits(web.settings.rateLimitPerMinute);
  app.use(securityHeaders(web.settings.publicUrl));
  app.use(assets.router);
  app.use(apiRouter(web, apiRoutes, limits));
  app.use(pagesRouter(web, assets, limits, apiRoutes));
  app.use(() => {
    throw new HttpProblem(404, 'page_not_found', 'There is no page at this address.');
  });
  app.use(
    answerErrors(web, isApi, async (request, problem) => {
      const { res: response } = request as Request & { res: express.Response };
      // Without a database nobody can be recognised; the page must be shown all the same.
      const session = await sessionOf(web, request, response).catch(() => undefined);
      return renderView(response, 'error', { ...frameOf(assets, session), title: problem.title, problem });
    }),
  );
  return app;
}

function isApi(request: Request): boolean {
  return /^\/(v1|healthz|openapi\.json|assets)(\/|$)/.test(request.path);
}

import { Router, type NextFunction, type Request, type Response } from 'express';
import type { Principal } from '../../flows/access.js';
import { authenticate, isUnauthenticated, requireScope } from '../authenticate.js';
import { HttpProblem } from '../http-problem.js';
import type { RateLimits } from '../rate-limits.js';
import type { Web } from '../web.js';
import type { ApiRoute } from './route.js';

/** Serves the routes; what lies under /v1 and is no route is answered as a problem too. */
export function apiRouter(web: Web, routes: readonly ApiRoute[], limits: RateLimits): Router {
  const router = Router({ caseSensitive: true });
  for (const route of routes) {
    router[route.method](expressPath(route.path), async (request, response) => {
      await admit(web, route, limits, request, response);
      if (route.scopes !== null) response.set('Cache-Control', 'no-store');
      await route.handle({ web, request, response });
    });
  }
  for (const [path, methods] of methodsByPath(routes)) {
    router.all(expressPath(path), (request) => {
      const allowed = methods.join(', ');
      throw new HttpProblem(
        405,
        'method_not_allowed',
        `${request.method} is not possible here, only ${allowed}.`,
        {
          Allow: allowed,
        },
      );
    });
  }
  router.all('/v1{/*rest}', () => {
    throw new HttpProblem(404, 'route_not_found', 'There is nothing at this address; see /docs/api.');
  });
  return router;
}

async function admit(
  web: Web,
  route: ApiRoute,
  limits: RateLimits,
  request: Request,
  response: Response,
): Promise<void> {
  if (route.scopes === null) return runLimiter(limits.pages, request, response);
  let principal: Principal;
  try {
    principal = await authenticate(web, request, response);
  } catch (error) {
    if (isUnauthenticated(error)) await runLimiter(limits.failedKeys, request, response);
    throw error;
  }
  response.locals['principal'] = principal;
  await runLimiter(limits.api, request, response);
  requireScope(principal, route.scopes);
}

/** Waits for a middleware, and throws what it passes on. */
function runLimiter(limiter: RateLimits['api'], request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const next: NextFunction = (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('The rate limiter failed.'));
    };
    void limiter(request, response, next);
  });
}

export function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function methodsByPath(routes: readonly ApiRoute[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const methods = found.get(path) ?? [];
    methods.push(...(method === 'get' ? ['GET', 'HEAD'] : ['POST']));
    found.set(path, methods);
  }
  return found;
}

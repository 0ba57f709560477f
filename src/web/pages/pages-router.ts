import { Router } from 'express';
import type { ApiRoute } from '../api/route.js';
import { expressPath } from '../api/router.js';
import type { Assets } from '../assets.js';
import { requireScope, sessionOf } from '../authenticate.js';
import { HttpProblem } from '../http-problem.js';
import type { RateLimits } from '../rate-limits.js';
import type { Web } from '../web.js';
import { accessPages } from './access-page.js';
import { additionPages } from './addition-pages.js';
import { assignPages } from './assign-page.js';
import { cataloguePages } from './catalogue-page.js';
import { audiencePage } from './audience-page.js';
import { segmentPages } from './segments-page.js';
import { dataPage } from './data-page.js';
import { docsView } from './docs-page.js';
import { eventsPages } from './events-page.js';
import { experimentPages } from './experiment-page.js';
import { featuresPage } from './features-page.js';
import { learningRunPages } from './learning-run-page.js';
import { funnelPage } from './funnel-page.js';
import { listPage } from './list-page.js';
import { newExperimentPages } from './new-experiment-page.js';
import { frameOf, renderView, type Page } from './page.js';
import { previewPages } from './preview-pages.js';
import { profilePage } from './profile-page.js';
import { modelPages } from './models-page.js';
import { qualityPage } from './quality-page.js';
import { quarantinePage } from './quarantine-page.js';
import { recommendationsPage } from './recommendations-page.js';
import { scorersPage } from './scorers-page.js';
import { showSignIn, signInRouter } from './sign-in-page.js';
import { matrixPages } from './matrix-page.js';
import { strategyPages } from './strategies-page.js';
import { templatePages } from './templates-page.js';
import { strategyPage } from './strategy-page.js';

/** `/experiments/new` stands before `/experiments/{key}`, which would take it for a key. */
export const pages: readonly Page[] = [
  listPage,
  ...newExperimentPages,
  ...experimentPages,
  ...additionPages,
  ...assignPages,
  ...previewPages,
  ...eventsPages,
  funnelPage,
  dataPage,
  ...cataloguePages,
  ...strategyPages,
  ...templatePages,
  ...matrixPages,
  ...strategyPage,
  ...modelPages,
  ...learningRunPages,
  scorersPage,
  featuresPage,
  ...segmentPages,
  audiencePage,
  profilePage,
  recommendationsPage,
  qualityPage,
  quarantinePage,
  ...accessPages,
];

export function pagesRouter(
  web: Web,
  assets: Assets,
  limits: RateLimits,
  apiRoutes: readonly ApiRoute[],
): Router {
  const router = Router();
  router.use(limits.pages);
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.use(signInRouter(web, assets, limits));
  router.get('/docs/api', async (request, response) => {
    const frame = frameOf(assets, await sessionOf(web, request, response));
    const view = docsView(apiRoutes, web.settings.publicUrl);
    response
      .type('html')
      .send(await renderView(response, 'docs-api', { ...frame, title: 'API', nav: 'api', ...view }));
  });
  for (const page of pages) serve(router, web, assets, page);
  for (const path of new Set(pages.map((page) => page.path))) refuseOtherMethods(router, path);
  return router;
}

function serve(router: Router, web: Web, assets: Assets, page: Page): void {
  router[page.method](expressPath(page.path), async (request, response) => {
    const session = await sessionOf(web, request, response);
    if (session === undefined) return showSignIn(assets, response, 401);
    if (page.scopes.length > 0) requireScope(session.principal, page.scopes);
    await page.handle({ web, assets, request, response, session });
  });
}

function refuseOtherMethods(router: Router, path: string): void {
  const methods = pages.filter((page) => page.path === path).map((page) => page.method.toUpperCase());
  router.all(expressPath(path), (request) => {
    const allowed = methods.join(', ');
    throw new HttpProblem(
      405,
      'method_not_allowed',
      `${request.method} is not possible here, only ${allowed}.`,
      { Allow: allowed },
    );
  });
}

import { openApiDocument } from '../openapi.js';
import { catalogueRoutes } from './catalogue.js';
import { assignmentRoutes } from './assignments.js';
import { additionRoutes } from './additions.js';
import { contentRoutes } from './contents.js';
import { eventFeedRoutes } from './event-feed.js';
import { eventRoutes } from './events.js';
import { experimentRoutes } from './experiments.js';
import { exportRoutes } from './export.js';
import { freshnessRoute } from './freshness.js';
import { funnelRoute, maturityRoute } from './funnel.js';
import { alertRoutes } from './alerts.js';
import { featuresRoute } from './features.js';
import { learningRoutes } from './learning.js';
import { modelRoutes } from './models.js';
import { retrainingRoutes } from './retraining.js';
import { itemsRoute } from './items.js';
import { previewRoutes } from './preview.js';
import { profileRoutes } from './profiles.js';
import { qualityRoutes } from './quality.js';
import { recommendationRoutes } from './recommendations.js';
import { reportRoutes } from './reports.js';
import type { ApiRoute } from './route.js';
import { personaRoutes } from './personas.js';
import { scorerRoutes } from './scorers.js';
import { segmentRoutes } from './segments.js';
import { scoreRoutes } from './scores.js';
import { schemaRoutes } from './schemas.js';
import { healthRoute } from './service.js';
import { matrixRoute } from './matrix.js';
import { offPolicyRoute } from './off-policy.js';
import { renderRoute } from './render.js';
import { activationRoutes } from './strategy-activation.js';
import { checkRoutes } from './strategy-checks.js';
import { strategyRoutes } from './strategies.js';
import { templateRoutes } from './templates.js';

const openApiRoute: ApiRoute = {
  method: 'get',
  path: '/openapi.json',
  id: 'openApi',
  group: 'Service',
  summary: 'This description, as OpenAPI 3.1',
  scopes: null,
  answers: {
    200: {
      description: 'An OpenAPI document.',
      content: { 'application/json': { example: '{"openapi":"3.1.0"}' } },
    },
  },
  handle({ web, response }) {
    response.json(openApiDocument(apiRoutes, web.settings.publicUrl));
    return Promise.resolve();
  },
};

/** Every route of the API: what the server listens to and what the documentation describes. */
export const apiRoutes: readonly ApiRoute[] = [
  ...experimentRoutes,
  ...assignmentRoutes,
  ...previewRoutes,
  ...eventRoutes,
  ...eventFeedRoutes,
  freshnessRoute,
  ...additionRoutes,
  funnelRoute,
  maturityRoute,
  ...profileRoutes,
  itemsRoute,
  ...catalogueRoutes,
  ...qualityRoutes,
  ...exportRoutes,
  ...reportRoutes,
  ...strategyRoutes,
  ...checkRoutes,
  ...activationRoutes,
  ...schemaRoutes,
  ...scoreRoutes,
  featuresRoute,
  ...learningRoutes,
  ...modelRoutes,
  ...retrainingRoutes,
  ...alertRoutes,
  ...recommendationRoutes,
  ...scorerRoutes,
  ...segmentRoutes,
  ...personaRoutes,
  ...contentRoutes,
  ...templateRoutes,
  renderRoute,
  matrixRoute,
  offPolicyRoute,
  healthRoute,
  openApiRoute,
];

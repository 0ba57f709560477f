import type { Finding } from '../report.js';
import type { HealthCheck, HealthContext } from './context.js';
import { contaminatedModel } from './contaminated-model.js';
import { covariateBalanceCheck } from './covariate-balance.js';
import { emptyArms } from './empty-arms.js';
import { fallbackShare } from './fallback-share.js';
import { fewEvents } from './few-events.js';
import { lostOnTheWay } from './lost-on-the-way.js';
import { plannedSize } from './planned-size.js';
import { sampleRatio } from './sample-ratio.js';
import { similarNames } from './similar-names.js';
import { skippedRows } from './skipped-rows.js';
import { stoppedEarly } from './stopped-early.js';

/** Every health check, in the order in which findings are shown. A new one is a file and a line here. */
export const healthChecks: readonly HealthCheck[] = [
  sampleRatio,
  covariateBalanceCheck,
  lostOnTheWay,
  emptyArms,
  fallbackShare,
  skippedRows,
  similarNames,
  plannedSize,
  stoppedEarly,
  contaminatedModel,
  fewEvents,
];

export function checkHealth(context: HealthContext): Finding[] {
  return healthChecks.flatMap((check) => check.find(context) ?? []);
}

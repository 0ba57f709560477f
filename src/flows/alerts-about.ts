import { type Alert, selectAlerts } from '../database/alerts.js';
import { selectStrategyVersions } from '../database/strategy-versions.js';
import { armsOf } from '../experiments/arms.js';
import { driftAlert } from './check-model.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';
import { learningAlert } from './run-learning.js';

const most = 1_000;

/**
 * Open alerts about what the arms of an experiment decide by: drift of a strategy version that has learned, learning that fails.
 *
 * @throws not_found `experiment_not_found`.
 */
export async function alertsAbout(ctx: Context, key: string): Promise<Alert[]> {
  const { factors } = await findExperiment(ctx, key);
  const used = armsOf(factors).flatMap(({ levels }) =>
    levels.flatMap(({ strategy, learned }) =>
      strategy === undefined || learned === undefined ? [] : [strategy],
    ),
  );
  if (used.length === 0) return [];
  const versions = await selectStrategyVersions(ctx.db, [...new Set(used)]);
  const isAbout = ({ kind, subject }: Alert): boolean =>
    versions.some(
      ({ name, version }) =>
        (kind === driftAlert && subject === `${name}@${version}`) ||
        (kind === learningAlert && subject === name),
    );
  return (await selectAlerts(ctx.db, { open: true, limit: most })).filter(isAbout);
}

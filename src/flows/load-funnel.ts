import type { StoredExperiment } from '../experiments/experiment.js';
import { dailySums, type DailySum } from '../database/questions/daily-sums.js';
import { funnelCounts, type FunnelCount } from '../database/questions/funnel-counts.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';

export interface LoadedFunnel {
  readonly asOf: Date;
  readonly experiment: StoredExperiment;
  readonly counts: readonly FunnelCount[];
  readonly days: readonly DailySum[];
}

const MOST_DAYS = 60;

/**
 * How far the recipients of every arm came, and every metric by day of enrolment.
 *
 * @throws not_found `experiment_not_found`.
 */
export async function loadFunnel(ctx: Pick<Context, 'db' | 'clock'>, key: string): Promise<LoadedFunnel> {
  const experiment = await findExperiment(ctx, key);
  return ctx.db.transaction(
    async (trx) => ({
      asOf: ctx.clock(),
      experiment,
      counts: await funnelCounts(trx, key),
      days: await dailySums(trx, key, MOST_DAYS),
    }),
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

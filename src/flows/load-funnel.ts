import { dailySums, type DailySum } from '../database/questions/daily-sums.js';
import { funnelCounts, type FunnelCount } from '../database/questions/funnel-counts.js';
import { armsOf } from '../experiments/arms.js';
import type { Experiment, StoredExperiment } from '../experiments/experiment.js';
import { withheldCounts, type WithheldCount } from '../database/questions/withheld-counts.js';
import { addressed, buildFunnel, stationNames, type Funnel } from '../reports/funnel.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';

export interface LoadedFunnel {
  readonly asOf: Date;
  readonly experiment: StoredExperiment;
  readonly funnel: Funnel;
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
  const { counts, days, withheld } = await ctx.db.transaction(
    async (trx) => ({
      counts: await funnelCounts(trx, key),
      withheld: await withheldCounts(trx, key),
      days: await dailySums(trx, key, MOST_DAYS),
    }),
    { isolationLevel: 'repeatable read', readOnly: true },
  );
  return { asOf: ctx.clock(), experiment, funnel: funnelFrom(experiment, counts, withheld), days };
}

function funnelFrom(
  experiment: Experiment,
  counts: readonly FunnelCount[],
  withheld: readonly WithheldCount[],
): Funnel {
  const arms = armsOf(experiment.factors).map((arm) => ({
    index: arm.index,
    key: arm.key,
    title: arm.levels.map((level) => level.title).join(' · '),
  }));
  const most = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a), 0n);
  const assigned = arms.map(({ index }) =>
    most(counts.filter((count) => count.arm === index).map((count) => count.assigned)),
  );
  const stations = stationNames.map((station) => ({
    station,
    recipients: arms.map(
      ({ index }) => counts.find((count) => count.arm === index && count.station === station)?.reached ?? 0n,
    ),
  }));
  const notSent = arms.map(({ index }) => withheld.find(({ arm }) => arm === index)?.recipients ?? 0);
  return buildFunnel(
    arms,
    [{ station: 'assigned', recipients: assigned }, ...addressed(assigned, notSent), ...stations],
    experiment.allocation.weights,
  );
}

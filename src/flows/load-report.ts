import { keepSnapshot, selectSnapshot } from '../database/snapshots.js';
import { fallbackCounts } from '../database/questions/fallback-counts.js';
import { lastWindowStart } from '../database/questions/last-window-start.js';
import { reportSums } from '../database/questions/report-sums.js';
import { notFound } from '../errors.js';
import { whyInterim } from '../experiments/maturity.js';
import { buildReport } from '../reports/build-report.js';
import { experimentInput } from '../reports/experiment-input.js';
import type { Report } from '../reports/report.js';
import { toCrossSums } from '../engagement/cell-sums.js';
import type { Knex } from 'knex';
import { fallbackSums } from '../database/questions/fallback-sums.js';
import { isOfBlank } from '../strategies/blank.js';
import { renderFallbackCounts } from '../database/questions/render-fallback-counts.js';
import { rulesOf } from './rule-book.js';
import type { Experiment, StoredExperiment } from '../experiments/experiment.js';
import { withheldCounts } from '../database/questions/withheld-counts.js';
import type { ArmSums, Collected } from '../reports/experiment-input.js';
import type { CellGroup } from '../database/questions/report-sums.js';
import type { Context } from './context.js';
import { loadArmModels } from './load-arm-models.js';
import { snapshotName } from './snapshot-name.js';
import { findExperiment } from './find-experiment.js';

/**
 * The report of an experiment as of now, or an earlier one by its id. Reports that say the same are one snapshot,
 * frozen when it was first seen: page, JSON, CSV and e-mail show it under the same id.
 *
 * @throws not_found `experiment_not_found`, `snapshot_not_found`.
 */
export async function loadReport(ctx: Context, key: string, snapshotId?: string): Promise<Report> {
  const experiment = await findExperiment(ctx, key);
  if (snapshotId !== undefined) {
    const snapshot = /^r_[0-9a-f]{20}$/.test(snapshotId)
      ? await selectSnapshot(ctx.db, key, snapshotId)
      : undefined;
    if (!snapshot) throw notFound('snapshot_not_found', `"${key}" has no snapshot "${snapshotId}".`);
    return snapshot;
  }
  const now = ctx.clock();
  const { lastStart, sums, ...others } = await collect(ctx, experiment, now);
  const collected = { sums: toArmSums(experiment, sums), ...others };
  const interim = whyInterim(experiment, lastStart, now);
  const report = buildReport(experimentInput(experiment, collected, { asOf: now.toISOString(), interim }));
  const id = snapshotName(report);
  return keepSnapshot(ctx.db, key, id, { ...report, snapshot: id });
}

/** All figures of one moment: nobody may be counted in one of them and not in the next. */
function collect(ctx: Context, experiment: StoredExperiment, now: Date) {
  const { key } = experiment;
  return ctx.db.transaction(
    async (trx) => ({
      sums: await reportSums(trx, key),
      ...(await fallbacksOf(trx, experiment)),
      rendered: await renderedOf(trx, key),
      withheld: await withheldCounts(trx, key),
      models: await loadArmModels(trx, experiment),
      lastStart: await lastWindowStart(trx, key, now),
    }),
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

/** Who got the fallback, and what they have come to: nothing is asked where nobody did. */
async function fallbacksOf(
  trx: Knex,
  experiment: StoredExperiment,
): Promise<Pick<Collected, 'fallbacks' | 'fallenBack'>> {
  const counts = await fallbackCounts(trx, experiment.key);
  const fallbacks = counts.map((one) => ({ ...one, blank: isOfBlank(one.reason ?? '') }));
  if (fallbacks.length === 0) return { fallbacks };
  const { nothing } = rulesOf(experiment);
  const places = experiment.metrics.flatMap(({ key, cap, denominator }, place) =>
    denominator ? [] : [{ key, place, nothing: nothing.y[place] ?? 0, ...(cap !== undefined && { cap }) }],
  );
  return { fallbacks, fallenBack: await fallbackSums(trx, experiment.key, places) };
}

async function renderedOf(trx: Knex, key: string): Promise<Collected['rendered']> {
  const counts = await renderFallbackCounts(trx, key);
  return counts.map(({ rendered: instead, ...one }) => ({ ...one, instead, blank: isOfBlank(one.reason) }));
}

/** The sums as reports take them: with cross sums where a metric has a denominator or covariate. */
export function toArmSums(experiment: Pick<Experiment, 'metrics'>, groups: readonly CellGroup[]): ArmSums[] {
  const metrics = new Map(experiment.metrics.map((metric) => [metric.key, metric]));
  return groups.map((group) => {
    const metric = metrics.get(group.metric);
    const has = {
      denominator: metric?.denominator !== undefined,
      covariate: metric?.covariateMs !== undefined,
    };
    const { n, nonZero, sum, sumSquares, sumCubes, capped, excess } = group.sums;
    return {
      ...group,
      sums: { n, nonZero, sum, sumSquares, sumCubes },
      ...((has.denominator || has.covariate) && { cross: toCrossSums(group.sums, has) }),
      ...(metric?.cap !== undefined && { capped: { recipients: capped, excess } }),
    };
  });
}

import { keepSnapshot, selectSnapshot } from '../database/snapshots.js';
import { fallbackCounts } from '../database/questions/fallback-counts.js';
import { lastWindowStart } from '../database/questions/last-window-start.js';
import { reportSums } from '../database/questions/report-sums.js';
import { notFound } from '../errors.js';
import { whyInterim } from '../experiments/maturity.js';
import { buildReport } from '../reports/build-report.js';
import { experimentInput } from '../reports/experiment-input.js';
import type { Report } from '../reports/report.js';
import type { Context } from './context.js';
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
  const { lastStart, ...collected } = await collect(ctx, key, now);
  const interim = whyInterim(experiment, lastStart, now);
  const report = buildReport(experimentInput(experiment, collected, { asOf: now.toISOString(), interim }));
  const id = snapshotName(report);
  return keepSnapshot(ctx.db, key, id, { ...report, snapshot: id });
}

/** All figures of one moment: nobody may be counted in one of them and not in the next. */
function collect(ctx: Context, key: string, now: Date) {
  return ctx.db.transaction(
    async (trx) => ({
      sums: await reportSums(trx, key),
      fallbacks: await fallbackCounts(trx, key),
      lastStart: await lastWindowStart(trx, key, now),
    }),
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

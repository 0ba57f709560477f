import { reportSums } from '../database/questions/report-sums.js';
import { badInput } from '../errors.js';
import { buildReport } from '../reports/build-report.js';
import { experimentInput } from '../reports/experiment-input.js';
import type { Report } from '../reports/report.js';
import { askCohort } from './ask-cohort.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';
import { toArmSums } from './load-report.js';

/**
 * The deciding metric by the values of a trait that was not declared before the start. It is no part of the report: who
 * looks at enough traits finds a difference in one of them.
 *
 * @throws not_found `experiment_not_found`; bad_input `cohort_declared`, `invalid_cohort`, `no_metrics`.
 */
export async function loadCohortReport(ctx: Context, key: string, trait: string): Promise<Report> {
  const experiment = await findExperiment(ctx, key);
  if (experiment.cohorts.some((cohort) => cohort.trait === trait)) {
    throw badInput('cohort_declared', `The report is broken down by "${trait}" already.`, [
      { path: 'trait', message: 'look at the report, or name another trait' },
    ]);
  }
  const metric = experiment.metrics.find((one) => one.role === 'primary') ?? experiment.metrics[0];
  if (!metric) throw badInput('no_metrics', `"${key}" has no metric to break down.`);
  const asked = await askCohort(ctx, key, trait);
  const everybody = toArmSums(experiment, await reportSums(ctx.db, key)).filter((sums) => sums.cohort === '');
  const input = experimentInput(
    { ...experiment, metrics: [metric], cohorts: [{ trait }] },
    { sums: [...everybody, ...asked].filter((sums) => sums.metric === metric.key), fallbacks: [] },
    { asOf: ctx.clock().toISOString(), interim: 'This was asked for afterwards.' },
  );
  return buildReport(input);
}

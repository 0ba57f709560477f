import { cohortSums } from '../database/questions/cohort-sums.js';
import { badInput } from '../errors.js';
import { cohortSchema } from '../experiments/draft.js';
import { readWith } from '../experiments/read-with.js';
import type { ArmSums } from '../reports/experiment-input.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';
import { toArmSums } from './load-report.js';
import { rulesOf } from './rule-book.js';

/**
 * What every arm has come to by the values of a trait that the experiment did not declare. Only what was known of a recipient
 * before the enrolment counts; who had the trait later is `(unknown)`. Keep it with `requestRefill(ctx, key, {cohort})`.
 *
 * @param cohort a trait, or `{trait, values}`.
 * @throws not_found `experiment_not_found`; bad_input `invalid_cohort`.
 */
export async function askCohort(ctx: Context, key: string, cohort: unknown): Promise<ArmSums[]> {
  const experiment = await findExperiment(ctx, key);
  const parsed = readWith(cohortSchema, cohort);
  if (!parsed.ok) throw badInput('invalid_cohort', 'Name the trait to break down by.', parsed.problems);
  const declared = typeof parsed.value === 'string' ? { trait: parsed.value } : parsed.value;
  const groups = await cohortSums(ctx.db, experiment, declared, rulesOf(experiment).nothing);
  return toArmSums(experiment, groups);
}

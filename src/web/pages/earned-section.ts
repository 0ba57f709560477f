import { PostulateError } from '../../errors.js';
import { findExperiment } from '../../flows/find-experiment.js';
import { listValuable } from '../../flows/list-valuable.js';
import { previewPolicy } from '../../flows/preview-policy.js';
import { policyView } from '../policy-view.js';
import type { PageCall } from './page.js';

/**
 * What a version of a strategy would have earned on the logged decisions of an experiment, for its page. `?earned=KEY METRIC` asks;
 * anything that is no answer to that is left aside.
 */
export async function earnedSection({ web: { ctx }, request }: PageCall, strategy: string) {
  const metrics = await listValuable(ctx);
  const asked = request.query['earned'];
  const choices = metrics.map(({ experiment, metric }) => ({
    value: `${experiment.key} ${metric.key}`,
    text: `${experiment.title}: ${metric.title}`,
    ...{ key: experiment.key, metric: metric.key },
  }));
  const chosen = choices.find(({ value }) => value === asked);
  const shown = choices.map(({ value, text }) => [value, text]);
  if (!chosen) return { choices: shown, value: '' };
  try {
    const preview = await previewPolicy(ctx, chosen.key, { strategy, metric: chosen.metric });
    const found = policyView(preview, await findExperiment(ctx, chosen.key));
    return { choices: shown, value: chosen.value, found };
  } catch (error) {
    if (!(error instanceof PostulateError) || error.kind !== 'bad_input') throw error;
    return { choices: shown, value: chosen.value, problem: error.message };
  }
}

import { writeOutMetric } from './built-in-metrics.js';
import { mostMetrics } from './draft.js';
import type { Experiment } from './experiment.js';
import { metricInputSchema } from './metric-draft.js';
import { metricProblems, readsMoney } from './metric-problems.js';
import { type Parsed, type Problem, readWith } from './read-with.js';
import { toMetric } from './to-metric.js';

/**
 * The experiment with one metric more, at the end, because outcomes are stored in the order of the metrics. It may be
 * running: what decides was written down before the start, so the new one is never primary.
 *
 * @param input a metric as in a draft: written out, a built-in name, or a changed built-in metric.
 */
export function addMetric<E extends Experiment>(experiment: E, input: unknown): Parsed<E> {
  const parsed = readWith(metricInputSchema, input);
  if (!parsed.ok) return parsed;
  const metric = writeOutMetric(parsed.value);
  const { currency, windowMs, metrics } = experiment;
  const problems = [...metricProblems(metric, { currency, hasWindow: windowMs !== undefined })];
  const wrong = (path: string, message: string): number => problems.push({ path, message });
  if (metrics.some((one) => one.key === metric.key)) {
    wrong('key', `there is a metric "${metric.key}" already; give this one another key`);
  }
  if (metric.role === 'primary') {
    wrong('role', 'what decides is written down before the start; add it as secondary or guardrail');
  }
  if (metrics.length >= mostMetrics) wrong('', `an experiment has at most ${mostMetrics} metrics`);
  if (currency === undefined && readsMoney(metric)) {
    wrong('type', 'this experiment has no currency and cannot get one now; count events instead');
  }
  if (windowMs === undefined && metric.window === undefined && !problems.some(isOfWindow)) {
    wrong('window', 'this experiment has no window; say for how long events count, for example "14d"');
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { ...experiment, metrics: [...metrics, toMetric(metric, currency)] } };
}

function isOfWindow(problem: Problem): boolean {
  return problem.path === 'window';
}

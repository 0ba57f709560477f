import { formatDuration } from '../experiments/duration.js';
import { eligibilityAsDraft } from '../experiments/eligibility.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { metricAsDraft } from '../experiments/metric-as-draft.js';

/** An experiment written as a draft again, to be changed and stored under another key. Strategies stay pinned. */
export function draftOf(experiment: StoredExperiment): object {
  const {
    key,
    title,
    hypothesis,
    factors,
    control,
    allocation,
    cohorts,
    currency,
    exchange,
    plan,
    windowMs,
    catalogue,
    eligibility,
    fallback,
    featureClock,
  } = experiment;
  return {
    key: `${key.slice(0, 59)}-copy`,
    title,
    hypothesis,
    factors,
    control,
    weights: allocation.weights,
    traffic: allocation.traffic,
    metrics: experiment.metrics.map((metric) => metricAsDraft(metric, currency)),
    cohorts: cohorts.map(({ segment, ...cohort }) => (segment === undefined ? cohort : { segment })),
    currency,
    ...(exchange && { exchange }),
    ...(windowMs !== undefined && { window: formatDuration(windowMs) }),
    plan,
    ...(catalogue !== undefined && { catalogue }),
    ...(eligibility && { eligibility: eligibilityAsDraft(eligibility) }),
    ...(fallback && { fallback }),
    ...(featureClock !== undefined && { featureClock }),
  };
}

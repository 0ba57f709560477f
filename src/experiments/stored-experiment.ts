import type { Experiment, Metric } from './experiment.js';
import { defaultCounts } from './to-metric.js';

type OldMetric = Omit<Metric, 'count' | 'from'> & Partial<Pick<Metric, 'count' | 'from'>>;

/** A definition as it may lie in the database: older ones do not say what is counted and from where. */
export type StoredDefinition = Omit<Experiment, 'metrics'> & { readonly metrics: readonly OldMetric[] };

/** The same experiment as it would be written today. Nothing that it says is changed. */
export function upgradeExperiment(definition: StoredDefinition): Experiment {
  return {
    ...definition,
    metrics: definition.metrics.map((metric) => ({
      ...metric,
      count: metric.count ?? defaultCounts[metric.type] ?? 'once',
      from: metric.from ?? 'send',
    })),
  };
}

import type { FeatureUse } from '../model-report.js';
import type { Model } from './estimator.js';
import type { TaughtOutcomes } from './learn-outcomes.js';
import type { Column } from './table.js';

/** What a model saw, how often it was not known, and what its splits took away. */
export function featureUses({ features, training }: TaughtOutcomes, model: Model): FeatureUse[] {
  return training.columns.map((column, i): FeatureUse => {
    const gain = model.gain?.[i];
    return {
      name: column.name,
      title: features.columns[i]?.title ?? column.name,
      type: column.type,
      missing: training.rows === 0 ? 0 : missingIn(column) / training.rows,
      ...(gain !== undefined && { gain }),
    };
  });
}

export function missingIn(column: Column): number {
  if (column.type === 'number')
    return column.values.reduce((n, value) => n + (Number.isNaN(value) ? 1 : 0), 0);
  return column.codes.reduce((n, code) => n + (code < 0 ? 1 : 0), 0);
}

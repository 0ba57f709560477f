import { readWith } from '../../../experiments/read-with.js';
import type { Json } from '../../strategy.js';
import type { Estimator, Model } from '../estimator.js';
import { finiteNumber, finiteNumbers, modelFields } from '../model-json.js';
import { treesFromJson } from '../trees/tree-json.js';
import { BoostingModel, boostingVersion, type ValidationCurve } from './boosting-model.js';
import { fitBoosting } from './fit-boosting.js';
import { type BoostingSettings, boostingSettings } from './settings.js';

export const boostingEstimator: Estimator<BoostingSettings> = {
  name: 'boosting',
  summary:
    'Adds up many small trees, each of which mends what those before it got wrong; usually the best there is for rows of mixed features.',
  parse: (settings) => readWith(boostingSettings, settings),
  fit: fitBoosting,
  fromJSON,
};

function fromJSON(json: Json): Model {
  const { columns, base, trees, gain, validation } = modelFields(json, 'boosting', boostingVersion);
  return new BoostingModel({
    columns,
    base: finiteNumber(base, 'base'),
    trees: treesFromJson(trees, columns),
    gain: gain === null ? undefined : finiteNumbers(gain, 'gain', columns.length),
    validation: curveFrom(validation),
  });
}

function curveFrom(json: unknown): ValidationCurve | null {
  if (json === null) return null;
  const { rows, logLoss } = (json ?? {}) as Record<string, unknown>;
  return {
    rows: finiteNumber(rows, 'validation.rows'),
    logLoss: finiteNumbers(logLoss, 'validation.logLoss'),
  };
}

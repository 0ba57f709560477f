import { readWith } from '../../../experiments/read-with.js';
import type { Json } from '../../strategy.js';
import type { Estimator, Model } from '../estimator.js';
import { finiteNumber, finiteNumbers, modelFields } from '../model-json.js';
import { treesFromJson } from '../trees/tree-json.js';
import { fitForest } from './fit-forest.js';
import { ForestModel, forestVersion, type OutOfBag } from './forest-model.js';
import { type ForestSettings, forestSettings } from './settings.js';

export const forestEstimator: Estimator<ForestSettings> = {
  name: 'forest',
  summary:
    'Averages many large trees, each grown on its own draw of rows and columns; hard to get wrong, and measured on the rows it left out.',
  parse: (settings) => readWith(forestSettings, settings),
  fit: fitForest,
  fromJSON,
};

function fromJSON(json: Json): Model {
  const { columns, base, trees, gain, outOfBag } = modelFields(json, 'forest', forestVersion);
  return new ForestModel({
    columns,
    base: finiteNumber(base, 'base'),
    trees: treesFromJson(trees, columns),
    gain: gain === null ? undefined : finiteNumbers(gain, 'gain', columns.length),
    outOfBag: outOfBagFrom(outOfBag),
  });
}

function outOfBagFrom(json: unknown): OutOfBag | null {
  if (json === null) return null;
  const { rows, logLoss, auc } = (json ?? {}) as Record<string, unknown>;
  return {
    rows: finiteNumber(rows, 'outOfBag.rows'),
    logLoss: finiteNumber(logLoss, 'outOfBag.logLoss'),
    auc: finiteNumber(auc, 'outOfBag.auc'),
  };
}

import { logisticEstimator } from '../strategies/ml/logistic/logistic.js';
import type { Estimator } from '../strategies/ml/estimator.js';
import { takeColumns } from '../strategies/ml/table.js';
import { crossValidate } from '../strategies/ml/validation/cross-validate.js';
import { dealFolds } from '../strategies/ml/validation/folds.js';
import type { LabelledRows } from '../strategies/ml/validation/labelled-rows.js';
import { scoringOf } from '../strategies/ml/validation/scoring.js';

/**
 * The one column that a logistic regression does best with, chosen by cross-validation on the rows to learn from, and what it
 * predicts for the rows held out. Undefined where no column says anything.
 */
export function bestSingleColumn(learned: LabelledRows, heldOut: LabelledRows, seed: string) {
  const folds = dealFolds(learned.labels, learned.recipients, `${seed} single`);
  const settings = { ridge: 0, categories: 100 };
  const estimator = logisticEstimator as Estimator<unknown>;
  let best: { column: string; score: number } | undefined;
  for (const { name } of learned.table.columns) {
    const rows = { ...learned, table: takeColumns(learned.table, [name]) };
    const score =
      'refused' in folds
        ? undefined
        : crossValidate({ estimator, settings }, rows, folds, seed, scoringOf('AUC'));
    if (!score || 'refused' in score) continue;
    if (!best || score.mean > best.score) best = { column: name, score: score.mean };
  }
  if (!best) return undefined;
  const fitted = logisticEstimator.fit(
    takeColumns(learned.table, [best.column]),
    learned.labels,
    settings,
    seed,
  );
  if ('refused' in fitted) return undefined;
  return {
    column: best.column,
    predictions: fitted.model.predict(takeColumns(heldOut.table, [best.column])),
  };
}

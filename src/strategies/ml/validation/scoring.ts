import { oneLabel, rankedAuc } from '../../../evaluation/classification/auc.js';
import { logLossOf } from '../../../evaluation/classification/mean-loss.js';
import { rankRows } from '../../../evaluation/classification/ranked-rows.js';
import { isRefusal, type OrRefusal, refuse } from '../../../evaluation/refusal.js';

export type ScoringName = 'AUC' | 'log loss';

/** What models are compared by. */
export interface Scoring {
  readonly name: ScoringName;
  readonly higherIsBetter: boolean;
  /** Predictions made ready to be scored under many weights by row; undefined where such weights leave no score. */
  prepare(
    labels: Uint8Array,
    predictions: Float64Array,
  ): OrRefusal<(weights: Float64Array) => number | undefined>;
}

/** What a loss is for a row, averaged. */
const logLoss: Scoring = {
  name: 'log loss',
  higherIsBetter: false,
  prepare: (labels, predictions) => {
    const losses = Float64Array.from(predictions, (p, row) => logLossOf(labels[row] as number, p));
    return (weights) => {
      let [sum, all] = [0, 0];
      for (let row = 0; row < losses.length; row++) {
        const weight = weights[row] as number;
        sum += weight * (losses[row] as number);
        all += weight;
      }
      return all > 0 ? sum / all : undefined;
    };
  },
};

const auc: Scoring = {
  name: 'AUC',
  higherIsBetter: true,
  prepare: (labels, predictions) => {
    const ranked = rankRows(labels, predictions);
    if (isRefusal(ranked)) return ranked;
    const byPlace = new Float64Array(labels.length);
    return (weights) => {
      for (let place = 0; place < byPlace.length; place++) {
        byPlace[place] = weights[ranked.rows[place] as number] as number;
      }
      return rankedAuc(ranked, byPlace);
    };
  },
};

export function scoringOf(name: ScoringName): Scoring {
  return name === 'AUC' ? auc : logLoss;
}

/** The score of rows that count once each. */
export function scoreOf(
  scoring: Scoring,
  labels: Uint8Array,
  predictions: Float64Array,
): OrRefusal<{ value: number }> {
  if (labels.length === 0) return refuse('too_few', 'There are no rows to score.');
  const prepared = scoring.prepare(labels, predictions);
  if (isRefusal(prepared)) return prepared;
  const value = prepared(new Float64Array(labels.length).fill(1));
  return value === undefined ? oneLabel('the score compares the two labels') : { value };
}

/** Above 0 where the first is better. */
export function advantage({ higherIsBetter }: Scoring, first: number, second: number): number {
  return higherIsBetter ? first - second : second - first;
}

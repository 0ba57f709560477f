import { isRefusal } from '../../../evaluation/refusal.js';
import type { Json } from '../../strategy.js';
import type { Estimator, Model } from '../estimator.js';
import { takeRows } from '../table.js';
import { type Folds, type Refused, rowsOfFold } from './folds.js';
import type { LabelledRows } from './labelled-rows.js';
import { scoreOf, type Scoring } from './scoring.js';

/** An estimator with settings that its `parse` gave. */
export interface Candidate {
  readonly estimator: Estimator<unknown>;
  readonly settings: Json;
}

export interface CrossValidated {
  /** By fold, measured on the rows in it by a model of all others. */
  readonly scores: readonly number[];
  readonly mean: number;
  /** Standard deviation between the folds. */
  readonly spread: number;
  /** By row, of the model that did not learn from it. */
  readonly predictions: Float64Array;
  /** By fold. */
  readonly models: readonly Model[];
  readonly notes: readonly string[];
}

/** The same rows, candidate, folds and seed give the same scores. Refuses where a fold cannot be learned or measured. */
export function crossValidate(
  { estimator, settings }: Candidate,
  { table, labels }: LabelledRows,
  folds: Folds,
  seed: string,
  scoring: Scoring,
): CrossValidated | Refused {
  const scores: number[] = [];
  const models: Model[] = [];
  const notes = new Set<string>();
  const predictions = new Float64Array(table.rows);
  for (let fold = 0; fold < folds.count; fold++) {
    const { inside, outside } = rowsOfFold(folds, fold);
    const labelsOf = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => labels[row] as number);
    const fitted = estimator.fit(
      takeRows(table, outside),
      labelsOf(outside),
      settings,
      `${seed} fold ${fold}`,
    );
    if ('refused' in fitted) return { ...fitted, reason: `Without fold ${fold + 1}: ${fitted.reason}` };
    const predicted = fitted.model.predict(takeRows(table, inside));
    const score = scoreOf(scoring, labelsOf(inside), predicted);
    if (isRefusal(score)) return { ...score, reason: `In fold ${fold + 1}: ${score.reason}` };
    for (const [i, row] of inside.entries()) predictions[row] = predicted[i] as number;
    for (const note of fitted.notes ?? []) notes.add(note);
    scores.push(score.value);
    models.push(fitted.model);
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const spread = Math.sqrt(squares / (scores.length - 1));
  return { scores, mean, spread, predictions, models, notes: [...notes] };
}

import { seededRandom } from '../../../evaluation/random.js';
import { isRefusal } from '../../../evaluation/refusal.js';
import type { ModelReport } from '../../model-report.js';
import { takeColumns, takeRows } from '../table.js';
import { type Candidate, crossValidate, type CrossValidated } from './cross-validate.js';
import { type Folds, type Refused, rowsOfFold } from './folds.js';
import type { LabelledRows } from './labelled-rows.js';
import { permuteColumn } from './permute.js';
import { advantage, scoreOf, type Scoring } from './scoring.js';

export interface Elimination {
  /** From all features to one: what was dropped, how many were left, and the score of those. */
  readonly steps: NonNullable<ModelReport['elimination']>;
  /** The features of the best score; of equals the fewest. */
  readonly kept: readonly string[];
}

/**
 * Recursive feature elimination (Guyon and others 2002) by cross-validation: learns, drops what the models of the folds miss
 * least on the rows that they did not learn from, and learns again. One feature a step, or a tenth where there are many. The best score
 * is the best of several, and so a little too good: what is kept is to be measured on rows that had no part in this.
 */
export function eliminateFeatures(
  candidate: Candidate,
  rows: LabelledRows,
  folds: Folds,
  seed: string,
  scoring: Scoring,
  tell: (done: number, of: number) => void = () => undefined,
): Elimination | Refused {
  const all = rows.table.columns.map(({ name }) => name);
  let left = all;
  let dropped: readonly string[] = [];
  const steps: { dropped: string | null; left: number; score: number }[] = [];
  let best = { score: NaN, kept: left };
  while (left.length > 0) {
    tell(all.length - left.length, all.length);
    const table = takeColumns(rows.table, left);
    const result = crossValidate(candidate, { ...rows, table }, folds, seed, scoring);
    if ('refused' in result) {
      // What is left may say nothing at all; what was found until then stands.
      if (steps.length > 0) break;
      return result;
    }
    steps.push({
      dropped: dropped.length > 0 ? dropped.join(', ') : null,
      left: left.length,
      score: result.mean,
    });
    if (!(advantage(scoring, best.score, result.mean) > 0)) best = { score: result.mean, kept: left };
    if (left.length === 1) break;
    const missed = lossesOf({ ...rows, table }, result, folds, seed, scoring);
    const order = [...left].sort((a, b) => (missed.get(a) ?? 0) - (missed.get(b) ?? 0));
    const leaving = new Set(order.slice(0, Math.max(1, Math.floor(left.length / 10))));
    dropped = order.filter((name) => leaving.has(name));
    left = left.filter((name) => !leaving.has(name));
  }
  return { steps, kept: best.kept };
}

/** By feature what the score loses when it is put in another order, averaged over the folds. */
function lossesOf(
  { table, labels }: LabelledRows,
  { models, scores }: CrossValidated,
  folds: Folds,
  seed: string,
  scoring: Scoring,
): Map<string, number> {
  const losses = new Map<string, number>();
  for (const [fold, model] of models.entries()) {
    const { inside } = rowsOfFold(folds, fold);
    const part = takeRows(table, inside);
    const ownLabels = Uint8Array.from(inside, (row) => labels[row] as number);
    for (const { name } of table.columns) {
      const random = seededRandom(`${seed} fold ${fold} without ${name}`);
      const score = scoreOf(scoring, ownLabels, model.predict(permuteColumn(part, name, random)));
      if (isRefusal(score)) continue;
      losses.set(name, (losses.get(name) ?? 0) + advantage(scoring, scores[fold] as number, score.value));
    }
  }
  return losses;
}

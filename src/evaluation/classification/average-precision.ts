import { isRefusal, type OrRefusal, refuse } from '../refusal.js';
import type { Value } from './auc.js';
import { type RankedRows, rankRows, weightsByPlace, weightsProblem } from './ranked-rows.js';

/**
 * Area under the precision-recall curve as average precision: the precision at each different score, weighted by the recall
 * that it adds, without interpolation (as scikit-learn has it). Rows of equal score come in together. From 0 to 1; scores
 * that know nothing have about the share of positives.
 *
 * Refuses `no_variation` where no row has label 1, and what `rankRows` refuses.
 */
export function averagePrecision(
  labels: Uint8Array,
  scores: Float64Array,
  weights?: Float64Array,
): OrRefusal<Value> {
  const problem = weights && weightsProblem(weights, labels.length);
  if (problem) return problem;
  const ranked = rankRows(labels, scores);
  if (isRefusal(ranked)) return ranked;
  const value = rankedAveragePrecision(ranked, weightsByPlace(ranked, weights));
  return value === undefined ? noPositives() : { value };
}

export function noPositives() {
  return refuse('no_variation', 'No row has the label 1, so there is nothing to be found.');
}

/** @param weights by place. */
export function rankedAveragePrecision(
  { labels, ends }: RankedRows,
  weights: Float64Array,
): number | undefined {
  let [positives, rows, sum] = [0, 0, 0];
  let place = 0;
  for (const end of ends) {
    let tiedPositives = 0;
    for (; place < end; place++) {
      const weight = weights[place] as number;
      rows += weight;
      if (labels[place] === 1) tiedPositives += weight;
    }
    positives += tiedPositives;
    if (tiedPositives > 0) sum += tiedPositives * (positives / rows);
  }
  return positives > 0 ? sum / positives : undefined;
}

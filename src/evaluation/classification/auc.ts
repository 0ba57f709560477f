import { isRefusal, type OrRefusal, refuse } from '../refusal.js';
import { type RankedRows, rankRows, weightsByPlace, weightsProblem } from './ranked-rows.js';

/** A measure as a number, without an interval. */
export interface Value {
  readonly value: number;
}

/**
 * Area under the ROC curve: the probability that a row with label 1 has a higher score than a row with label 0, a tie
 * counting one half (Mann and Whitney). From 0 to 1; 0.5 for scores that know nothing.
 *
 * Refuses `no_variation` where all labels (of rows with weight) are alike, and what `rankRows` refuses.
 *
 * @param weights how often each row counts, 0 or more; once each unless given.
 */
export function auc(labels: Uint8Array, scores: Float64Array, weights?: Float64Array): OrRefusal<Value> {
  const problem = weights && weightsProblem(weights, labels.length);
  if (problem) return problem;
  const ranked = rankRows(labels, scores);
  if (isRefusal(ranked)) return ranked;
  const value = rankedAuc(ranked, weightsByPlace(ranked, weights));
  return value === undefined ? oneLabel('AUC compares the scores of the two labels') : { value };
}

export function oneLabel(why: string) {
  return refuse('no_variation', `All rows have the same label, and ${why}.`);
}

/** @param weights by place. */
export function rankedAuc({ labels, ends }: RankedRows, weights: Float64Array): number | undefined {
  let [positives, negatives, pairs] = [0, 0, 0];
  let place = 0;
  for (const end of ends) {
    let [tiedPositives, tiedNegatives] = [0, 0];
    for (; place < end; place++) {
      const weight = weights[place] as number;
      if (labels[place] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    // Everything with label 1 that came before has a higher score than these.
    pairs += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return positives > 0 && negatives > 0 ? pairs / (positives * negatives) : undefined;
}

import { isRefusal, type OrRefusal, refuse } from '../refusal.js';
import type { Value } from './auc.js';
import { noPositives } from './average-precision.js';
import { type RankedRows, rankRows, weightsByPlace } from './ranked-rows.js';

/** Rows that a rule chooses, by what became of them; sums of weights. */
export interface Chosen {
  readonly chosen: number;
  /** Chosen, with label 1. */
  readonly hits: number;
  readonly positives: number;
  readonly rows: number;
}

/** Precision, recall and F1 of a choice of rows, each a number or a refusal. */
export interface ChoiceQuality {
  /** Share of the chosen rows that have label 1; refused where none is chosen. */
  readonly precision: OrRefusal<Value>;
  /** Share of the rows with label 1 that are chosen; refused where there is none. */
  readonly recall: OrRefusal<Value>;
  /** 2 hits / (chosen + positives): 0 where nothing is chosen; refused where there is no label 1 either. */
  readonly f1: OrRefusal<Value>;
  /** Precision over the share of label 1 among all rows; refused where either cannot be had. */
  readonly lift: OrRefusal<Value>;
}

/** Of the rows whose score is `threshold` or higher. Refuses what `rankRows` refuses. */
export function atThreshold(
  labels: Uint8Array,
  scores: Float64Array,
  threshold: number,
): OrRefusal<ChoiceQuality> {
  if (Number.isNaN(threshold)) return refuse('invalid_input', 'The threshold is no number.');
  const ranked = rankRows(labels, scores);
  if (isRefusal(ranked)) return ranked;
  return qualityOf(chosenAbove(ranked, weightsByPlace(ranked), threshold));
}

/**
 * Of the `k` rows with the highest scores; of equal scores the lower row comes first, whatever its label. Refuses
 * `invalid_input` for a `k` that is no whole number from 1 to the number of rows, and what `rankRows` refuses.
 */
export function atTop(labels: Uint8Array, scores: Float64Array, k: number): OrRefusal<ChoiceQuality> {
  const ranked = rankRows(labels, scores);
  if (isRefusal(ranked)) return ranked;
  if (!Number.isInteger(k) || k < 1 || k > labels.length) {
    return refuse('invalid_input', `k is a whole number from 1 to ${labels.length}, the rows; it was ${k}.`);
  }
  return qualityOf(chosenFirst(ranked, weightsByPlace(ranked), k / labels.length));
}

/**
 * How many times as many rows with label 1 there are among the top `share` of rows as among as many taken blindly. Ties as in
 * `atTop`; k is the share of the rows, rounded up.
 */
export function liftAt(labels: Uint8Array, scores: Float64Array, share: number): OrRefusal<Value> {
  if (!(share > 0 && share <= 1)) {
    return refuse('invalid_input', `The share is above 0 and at most 1; it was ${share}.`);
  }
  const quality = atTop(labels, scores, topRows(share, labels.length));
  return isRefusal(quality) ? quality : quality.lift;
}

/** The share of the rows in whole rows, rounded up: at least one. What arithmetic adds to a whole number is no row. */
export function topRows(share: number, rows: number): number {
  return Math.min(rows, Math.max(1, Math.ceil(share * rows - 1e-9)));
}

function qualityOf(sums: Chosen): ChoiceQuality {
  const orRefuse = (value: number | undefined, why: () => OrRefusal<Value>): OrRefusal<Value> =>
    value === undefined ? why() : { value };
  const nothing = () => refuse('too_few', 'No row is chosen, so there is no precision.');
  return {
    precision: orRefuse(precisionOf(sums), nothing),
    recall: orRefuse(recallOf(sums), noPositives),
    f1: orRefuse(f1Of(sums), noPositives),
    lift: orRefuse(liftOf(sums), sums.chosen > 0 ? noPositives : nothing),
  };
}

export function precisionOf({ chosen, hits }: Chosen): number | undefined {
  return chosen > 0 ? hits / chosen : undefined;
}

export function recallOf({ hits, positives }: Chosen): number | undefined {
  return positives > 0 ? hits / positives : undefined;
}

export function f1Of({ chosen, hits, positives }: Chosen): number | undefined {
  return chosen + positives > 0 ? (2 * hits) / (chosen + positives) : undefined;
}

export function liftOf(sums: Chosen): number | undefined {
  const precision = precisionOf(sums);
  return precision === undefined || sums.positives === 0
    ? undefined
    : precision / (sums.positives / sums.rows);
}

/** @param weights by place. */
export function chosenAbove(ranked: RankedRows, weights: Float64Array, threshold: number): Chosen {
  let [chosen, hits, positives, rows] = [0, 0, 0, 0];
  for (let place = 0; place < weights.length; place++) {
    const weight = weights[place] as number;
    const isHit = ranked.labels[place] === 1;
    rows += weight;
    if (isHit) positives += weight;
    if ((ranked.scores[place] as number) < threshold) continue;
    chosen += weight;
    if (isHit) hits += weight;
  }
  return { chosen, hits, positives, rows };
}

/** The first places until they weigh `share` of all; the last one in part, so that a resampled row is never chosen too often. */
export function chosenFirst(ranked: RankedRows, weights: Float64Array, share: number): Chosen {
  let [rows, positives] = [0, 0];
  for (let place = 0; place < weights.length; place++) {
    const weight = weights[place] as number;
    rows += weight;
    if (ranked.labels[place] === 1) positives += weight;
  }
  // Whole rows stay whole where the weights are counts.
  const wanted = Math.round(share * rows * 1e6) / 1e6;
  let [chosen, hits] = [0, 0];
  for (let place = 0; place < weights.length && chosen < wanted; place++) {
    const weight = Math.min(weights[place] as number, wanted - chosen);
    chosen += weight;
    if (ranked.labels[place] === 1) hits += weight;
  }
  return { chosen, hits, positives, rows };
}

import { carriedBy } from './carried.js';
import type { PolicyLog, PolicyView } from './policy-log.js';

/** How much the decisions of a log say about a policy. */
export interface WeightSummary {
  /** Decisions with a weight above 0: where the policy could have done what was done. */
  readonly matched: number;
  /** (Σw)² / Σw²: as many decisions of equal weight would be as sure (Kish 1965). */
  readonly effective: number;
  /** Decisions that carry the value, by weight and reward; see `carriedBy`. */
  readonly carried: number;
  /** Near 1 where the logged probabilities are right: the chance of it is in `meanSe`. */
  readonly mean: number;
  readonly meanSe: number;
  readonly largest: number;
  /** Where weights were cut; undefined where they were not. */
  readonly clippedAt?: number;
  /** How many were cut. */
  readonly clipped: number;
}

/** Probability under the policy over the logged one, for each decision; cut at `clip` where it is given. */
export function weightsOf(
  { probabilities }: PolicyLog,
  { chosen }: PolicyView,
  clip = Infinity,
): Float64Array {
  return chosen.map((p, i) => Math.min(clip, p / (probabilities[i] as number)));
}

export function summaryOf(
  weights: Float64Array,
  log: PolicyLog,
  view: PolicyView,
  clip?: number,
): WeightSummary {
  let [sum, squares, largest, matched, clipped] = [0, 0, 0, 0, 0];
  weights.forEach((weight, i) => {
    sum += weight;
    squares += weight * weight;
    largest = Math.max(largest, weight);
    if (weight > 0) matched += 1;
    if (clip !== undefined && (view.chosen[i] as number) / (log.probabilities[i] as number) > clip)
      clipped += 1;
  });
  const rows = weights.length;
  const mean = sum / rows;
  const spread = weights.reduce((total, weight) => total + (weight - mean) ** 2, 0);
  return {
    matched,
    effective: squares === 0 ? 0 : sum ** 2 / squares,
    carried: carriedBy(weights, log.rewards),
    mean,
    meanSe: Math.sqrt(spread / (rows - 1) / rows),
    largest,
    ...(clip !== undefined && { clippedAt: clip }),
    clipped,
  };
}

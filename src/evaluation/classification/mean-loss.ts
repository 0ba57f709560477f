import { isRefusal, type OrRefusal, type Refusal, refuse } from '../refusal.js';
import type { Value } from './auc.js';
import { rankRows, weightsProblem } from './ranked-rows.js';

/** Probabilities are kept this far from 0 and 1 before a logarithm is taken of them. */
export const clippedAt = 1e-15;

/** What one row costs: its label, 0 or 1, and the probability of 1 that was predicted. */
export type Loss = (label: number, probability: number) => number;

export const logLossOf: Loss = (label, probability) => {
  const ofLabel = label === 1 ? probability : 1 - probability;
  return -Math.log(Math.min(1 - clippedAt, Math.max(clippedAt, ofLabel)));
};

/** The same for a prediction on the scale of log odds, which needs no clipping: log(1 + e^x) - label x. */
export const logLossAt = (label: number, logOdds: number): number =>
  Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds))) - label * logOdds;

export const squaredErrorOf: Loss = (label, probability) => (label - probability) ** 2;

/**
 * Log loss in nats: the mean of -log of the probability that was given to what happened, clipped to [1e-15, 1 - 1e-15]. 0 is
 * best.
 *
 * Refuses `invalid_input` for probabilities outside [0, 1], and what `rankRows` refuses.
 */
export function logLoss(
  labels: Uint8Array,
  probabilities: Float64Array,
  weights?: Float64Array,
): OrRefusal<Value> {
  return meanLoss(logLossOf, labels, probabilities, weights);
}

/** Brier score: the mean squared difference of label and probability, from 0 (best) to 1. Refuses as `logLoss` does. */
export function brierScore(
  labels: Uint8Array,
  probabilities: Float64Array,
  weights?: Float64Array,
): OrRefusal<Value> {
  return meanLoss(squaredErrorOf, labels, probabilities, weights);
}

/** Undefined where all are probabilities. */
export function probabilityProblem(probabilities: Float64Array): Refusal | undefined {
  const bad = probabilities.findIndex((probability) => !(probability >= 0 && probability <= 1));
  if (bad < 0) return undefined;
  return refuse('invalid_input', `Row ${bad} has ${probabilities[bad]} where a probability belongs.`);
}

function meanLoss(
  loss: Loss,
  labels: Uint8Array,
  probabilities: Float64Array,
  given?: Float64Array,
): OrRefusal<Value> {
  const weights = given ?? new Float64Array(labels.length).fill(1);
  const ranked = rankRows(labels, probabilities);
  if (isRefusal(ranked)) return ranked;
  const problem = probabilityProblem(probabilities) ?? weightsProblem(weights, labels.length);
  if (problem) return problem;
  let [sum, total] = [0, 0];
  for (const [row, probability] of probabilities.entries()) {
    const weight = weights[row] as number;
    if (weight === 0) continue;
    sum += weight * loss(labels[row] as number, probability);
    total += weight;
  }
  return { value: sum / total };
}

import type { PolicyLog, PolicyView } from './policy-log.js';

/**
 * `ips`: mean of w r (Horvitz & Thompson 1952), unbiased. `snips`: Σ w r / Σ w (Hájek 1971), as a rule much surer, and the same
 * whatever is added to all rewards. `dr`: mean of q(x, π) + w (r - q(x, a)), right if either the probabilities or the model of
 * the rewards are (Dudík, Erhan, Langford & Li 2014).
 */
export type PolicyEstimator = 'ips' | 'snips' | 'dr';

/** An estimate as a mean: of one part for each decision. */
export interface Parts {
  readonly value: number;
  /** What each decision adds to it; their mean is the value, their spread its variance. */
  readonly parts: Float64Array;
}

/** @param view with `predicted` where the estimator is `dr`. @param weights not all 0. */
export function partsOf(
  estimator: PolicyEstimator,
  weights: Float64Array,
  { rewards }: PolicyLog,
  { predicted }: PolicyView,
): Parts {
  if (estimator === 'ips') return meanOf(weights.map((weight, i) => weight * (rewards[i] as number)));
  if (estimator === 'dr') {
    if (!predicted) throw new Error('the doubly robust estimate needs predicted rewards');
    return meanOf(
      weights.map(
        (weight, i) =>
          (predicted.policy[i] as number) +
          weight * ((rewards[i] as number) - (predicted.logged[i] as number)),
      ),
    );
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const value = weights.reduce((sum, weight, i) => sum + weight * (rewards[i] as number), 0) / total;
  const mean = total / weights.length;
  // A ratio of means to the first order: its influence function (delta method).
  return {
    value,
    parts: weights.map((weight, i) => value + (weight * ((rewards[i] as number) - value)) / mean),
  };
}

function meanOf(parts: Float64Array): Parts {
  return { value: parts.reduce((sum, part) => sum + part, 0) / parts.length, parts };
}

/** Standard error of the mean of the parts. */
export function standardError(parts: Float64Array, value: number): number {
  const squares = parts.reduce((sum, part) => sum + (part - value) ** 2, 0);
  return Math.sqrt(squares / (parts.length - 1) / parts.length);
}

/** Skewness of their mean: m3 / m2^1.5 over the square root of how many there are. NaN where all parts are alike. */
export function skewnessOfMean(parts: Float64Array, value: number): number {
  let [squares, cubes] = [0, 0];
  for (const part of parts) {
    squares += (part - value) ** 2;
    cubes += (part - value) ** 3;
  }
  return cubes / squares ** 1.5;
}

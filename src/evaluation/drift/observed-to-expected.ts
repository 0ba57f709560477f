import { chiSquared } from '../../statistics/distributions/chi-squared.js';
import type { Estimate } from '../../statistics/result.js';
import { type OrRefusal, refuse } from '../refusal.js';

export interface Calibration extends Estimate {
  /** Of a count as far from what was predicted, on either side. */
  readonly p: number;
}

/**
 * Calibration in the large: positives seen over positives predicted; 1 is right, above 1 the model says too little. The
 * interval is the exact one of a Poisson count (Garwood, Biometrika 28, 1936), a little wide for positives that are not rare.
 *
 * @param expected sum of the predicted probabilities.
 * @returns refused `invalid_input`, `too_few` below five predicted positives.
 */
export function observedToExpected(observed: number, expected: number): OrRefusal<Calibration> {
  if (!Number.isFinite(expected) || !Number.isInteger(observed) || observed < 0 || expected < 0)
    return refuse(
      'invalid_input',
      'Positives are a whole number and predictions add up to a number, both 0 or above.',
    );
  if (expected < 5)
    return refuse('too_few', `Only ${expected.toFixed(1)} positives were predicted; it takes 5.`);
  const lower = observed === 0 ? 0 : chiSquared.quantile(0.025, 2 * observed) / 2;
  const upper = chiSquared.isf(0.025, 2 * observed + 2) / 2;
  const interval = { lower: lower / expected, upper: upper / expected, level: 0.95 };
  const below = chiSquared.sf(2 * expected, 2 * observed + 2);
  const above = observed === 0 ? 1 : chiSquared.cdf(2 * expected, 2 * observed);
  return { value: observed / expected, interval, p: Math.min(1, 2 * Math.min(below, above)) };
}

import { bootstrapMean, usualDraws } from '../bootstrap.js';
import type { EstimateWithSe } from '../../statistics/result.js';
import { type OrRefusal, refuse } from '../refusal.js';

/**
 * How much better one recommender does than another on the same recipients: mean of the differences, with the bootstrap
 * interval over recipients. That is far narrower than what two intervals of their own would suggest.
 *
 * @param ours one value for each recipient, in the same order as `theirs`.
 */
export function pairedDifference(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  seed: string,
  draws = usualDraws,
): OrRefusal<EstimateWithSe> {
  if (ours.length !== theirs.length) {
    return refuse('invalid_input', 'Two recommenders can be compared on the same recipients only.');
  }
  const differences = Float64Array.from(ours, (value, i) => value - (theirs[i] as number));
  return bootstrapMean(differences, seed, draws);
}

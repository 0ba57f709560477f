import type { Estimator } from '../estimator.js';
import { estimators } from '../estimators.js';
import { leastSquares } from '../linear/least-squares.js';

/**
 * What learners of uplift may be built on: every estimator, and least squares, which is none of those because its scores may lie
 * outside 0 and 1; for differences that does no harm.
 */
export const baseEstimators: ReadonlyMap<string, Estimator<unknown>> = new Map([
  [leastSquares.name, leastSquares],
  ...estimators,
]);

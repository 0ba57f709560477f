import { boostingEstimator } from './boosting/boosting.js';
import type { Estimator } from './estimator.js';
import { forestEstimator } from './forest/forest.js';
import { logisticEstimator } from './logistic/logistic.js';
import { networkEstimator } from './network/network.js';

/** Every estimator there is, by name. A new one is a folder, a line here, and a run of the conformance suite. */
export const estimators: ReadonlyMap<string, Estimator<unknown>> = new Map(
  [logisticEstimator, boostingEstimator, forestEstimator, networkEstimator].map((one) => [
    one.name,
    one as Estimator<unknown>,
  ]),
);

/** The estimator of that name. Its settings are opaque here: what its own `parse` gave goes back into its `fit`. */
export function findEstimator(name: string): Estimator<unknown> | undefined {
  return estimators.get(name);
}

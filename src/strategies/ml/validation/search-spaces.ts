import type { SearchSpace } from './search-settings.js';

/**
 * Small grids that are worth trying, the simplest values first, by the name of the estimator. Boosting chooses by itself by default; here
 * the folds tell how many trees there should be, so that no rows are held out from learning.
 */
const spaces: ReadonlyMap<string, SearchSpace> = new Map<string, SearchSpace>([
  ['logistic', { ridge: [1000, 300, 100, 30, 10, 1, 0] }],
  [
    'boosting',
    {
      trees: [100, 400],
      validationShare: [0],
      tuning: ['none'],
      learningRate: [0.05],
      columnShare: [0.5],
      maxLeaves: [4, 8, 31],
      minLeafRows: [200, 20],
    },
  ],
  ['forest', { minLeafRows: [200, 50, 5], columnShare: ['sqrt', 0.6] }],
  ['network', { hidden: [[8], [32, 16]], decay: [0.01, 0.0005] }],
]);

/** Undefined for an estimator that has none: then every setting keeps its default. */
export function searchSpaceOf(estimator: string): SearchSpace | undefined {
  return spaces.get(estimator);
}

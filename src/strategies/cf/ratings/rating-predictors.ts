import { bias, globalMean, itemMean, userMean } from './means.js';
import type { RatingPredictorKind } from './rating-predictor.js';
import { userCosine, userPearson } from './user-knn-ratings.js';

/** Every way of predicting ratings. A new one is a file and a line here. */
export const ratingPredictors: readonly RatingPredictorKind[] = [
  globalMean,
  userMean,
  itemMean,
  bias,
  userCosine,
  userPearson,
];

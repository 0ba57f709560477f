import type { Matrix } from '../matrix.js';

/** A way of predicting ratings, which values of the matrix are here; 0 is a rating like any other. */
export interface RatingPredictorKind {
  /** `user_mean`, `user_pearson`, … */
  readonly name: string;
  /** One sentence: what it predicts. */
  readonly summary: string;
  /** Pure. @param matrix with at least one rating. */
  fit(matrix: Matrix): RatingPredictor;
}

/**
 * Predictions for all items that one recipient has rated or may rate.
 *
 * @param recipient place in the matrix, who may have no rating there.
 * @returns for an item's place a number, never NaN, not yet cut to the scale.
 */
export type RatingPredictor = (recipient: number) => (item: number) => number;

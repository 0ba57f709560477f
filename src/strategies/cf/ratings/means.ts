import type { Matrix, Sparse } from '../matrix.js';
import type { RatingPredictorKind } from './rating-predictor.js';

/** The mean of all ratings, whoever rates whatever. */
export const globalMean: RatingPredictorKind = {
  name: 'global_mean',
  summary: 'the mean of all ratings',
  fit(matrix) {
    const mean = meanOf(matrix);
    return () => () => mean;
  },
};

export const userMean: RatingPredictorKind = {
  name: 'user_mean',
  summary: 'the mean of the recipient, or of all ratings where there is none',
  fit(matrix) {
    const means = rowMeans(matrix.byRecipient, meanOf(matrix));
    return (recipient) => () => means[recipient] as number;
  },
};

export const itemMean: RatingPredictorKind = {
  name: 'item_mean',
  summary: 'the mean of the item, or of all ratings where there is none',
  fit(matrix) {
    const means = rowMeans(matrix.byItem, meanOf(matrix));
    return () => (item) => means[item] as number;
  },
};

/**
 * Mean plus a bias of item and of recipient, by alternating means with shrinkage (Koren, ACM TKDD 4(1), 2010, section 2.1):
 * b(i) = Σ (r − μ − b(u)) / (10 + n(i)), then b(u) = Σ (r − μ − b(i)) / (15 + n(u)), ten times.
 */
export const bias: RatingPredictorKind = {
  name: 'bias',
  summary: 'mean + bias of the item + bias of the recipient; 10 sweeps, items first, shrunk by 10 and 15',
  fit(matrix) {
    const mean = meanOf(matrix);
    const ofRecipient = new Float64Array(matrix.recipients.length);
    const ofItem = new Float64Array(matrix.items.length);
    for (let sweep = 0; sweep < 10; sweep++) {
      setBiases(ofItem, matrix.byItem, ofRecipient, mean, 10);
      setBiases(ofRecipient, matrix.byRecipient, ofItem, mean, 15);
    }
    return (recipient) => (item) => mean + (ofItem[item] as number) + (ofRecipient[recipient] as number);
  },
};

function setBiases(
  into: Float64Array,
  rows: Sparse,
  others: Float64Array,
  mean: number,
  shrinkage: number,
): void {
  const { starts, places, values } = rows;
  for (let row = 0; row < into.length; row++) {
    const [from, to] = [starts[row] as number, starts[row + 1] as number];
    let sum = 0;
    for (let i = from; i < to; i++)
      sum += (values[i] as number) - mean - (others[places[i] as number] as number);
    into[row] = sum / (shrinkage + to - from);
  }
}

export function meanOf({ byRecipient: { values } }: Matrix): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param absent for rows without entries. */
export function rowMeans({ starts, values }: Sparse, absent: number): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, row) => {
    const own = values.subarray(starts[row], starts[row + 1]);
    return own.length === 0 ? absent : own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}

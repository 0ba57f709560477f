import type { EstimateWithSe } from '../statistics/result.js';
import { type OrRefusal, refuse } from './refusal.js';
import { bootstrapOver, usualDraws } from './bootstrap.js';

/** Predicted beside true ratings. */
export interface Predictions {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
  /** Of each prediction, codes from 0: the bootstrap draws recipients with all their ratings. */
  readonly recipients: Int32Array;
}

export interface RatingErrors {
  /** Square root of the mean squared error over all predictions. */
  readonly rmse: OrRefusal<EstimateWithSe>;
  /** Mean absolute error over all predictions. */
  readonly mae: OrRefusal<EstimateWithSe>;
}

/** Errors over all held-out ratings, each rating counting alike, with intervals by bootstrap over recipients. */
export function ratingErrors(predictions: Predictions, seed: string, draws = usualDraws): RatingErrors {
  const { predicted, actual } = predictions;
  if (predicted.length !== actual.length || predicted.length !== predictions.recipients.length) {
    const refused = refuse('invalid_input', 'There must be one prediction for each rating.');
    return { rmse: refused, mae: refused };
  }
  const squares = sumsOf(predictions, (error) => error * error);
  const sizes = sumsOf(predictions, Math.abs);
  const counts = sumsOf(predictions, () => 1);
  const units = Int32Array.from(counts.keys()).filter((code) => (counts[code] as number) > 0);
  const over = (sums: Float64Array, last: (mean: number) => number): OrRefusal<EstimateWithSe> =>
    bootstrapOver(units.length, seed, draws, (drawn) => {
      let [sum, count] = [0, 0];
      for (const unit of drawn) {
        sum += sums[units[unit] as number] as number;
        count += counts[units[unit] as number] as number;
      }
      return last(sum / count);
    });
  return { rmse: over(squares, Math.sqrt), mae: over(sizes, (mean) => mean) };
}

/** By recipient. */
function sumsOf({ predicted, actual, recipients }: Predictions, of: (error: number) => number): Float64Array {
  const sums = new Float64Array(1 + recipients.reduce((most, code) => Math.max(most, code), -1));
  recipients.forEach((code, i) => {
    sums[code] = (sums[code] as number) + of((predicted[i] as number) - (actual[i] as number));
  });
  return sums;
}

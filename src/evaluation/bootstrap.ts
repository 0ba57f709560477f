import type { EstimateWithSe } from '../statistics/result.js';
import { type OrRefusal, refuse } from './refusal.js';
import { seededRandom } from './random.js';
import { percentileInterval, resample } from './resample.js';

/** Draws with which the ends of a 95 % interval hardly change from seed to seed. */
export const usualDraws = 1_000;
const level = 0.95;

/**
 * Mean of one value for each unit, with the 95 % percentile interval of a bootstrap over the units (Efron and Tibshirani 1993,
 * chapter 13) and the standard deviation of the draws as standard error. The same seed gives the same interval.
 *
 * Refused: no values, a single one, or one that is not finite.
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  seed: string,
  draws = usualDraws,
): OrRefusal<EstimateWithSe> {
  return bootstrapOver(values.length, seed, draws, (units) => {
    let sum = 0;
    for (const unit of units) sum += values[unit] as number;
    return sum / units.length;
  });
}

/**
 * Any measure of units that were drawn independently (recipients, rows), with the percentile interval of a bootstrap over them.
 * A draw for which the measure is NaN (an AUC of labels all alike) is left out; above 5 % of those the answer is a refusal.
 *
 * @param units how many there are; a paired comparison is a measure of two methods over the same units.
 * @param measure gets places of units, drawn with replacement, as many as there are; the array is used again.
 */
export function bootstrapOver(
  units: number,
  seed: string,
  draws: number,
  measure: (units: Int32Array) => number,
): OrRefusal<EstimateWithSe> {
  if (units < 2) {
    return refuse(
      'too_few',
      `An interval needs at least two recipients or rows; there ${saysHowMany(units)}.`,
    );
  }
  if (!Number.isInteger(draws) || draws < 40) {
    return refuse('invalid_input', `A bootstrap needs a whole number of at least 40 draws, not ${draws}.`);
  }
  const value = measure(Int32Array.from({ length: units }, (_, i) => i));
  if (!Number.isFinite(value)) {
    return refuse('invalid_input', 'The measure has no value on these recipients or rows.');
  }
  const drawn: number[] = [];
  resample(units, draws, seededRandom(seed), (places) => drawn.push(measure(places)));
  const interval = percentileInterval(drawn, level);
  const known = drawn.filter(Number.isFinite);
  if (!interval) {
    const share = Math.round(100 * (1 - known.length / draws));
    return refuse(
      'too_few',
      `The measure has no value for ${share} % of the draws: there are too few cases.`,
    );
  }
  const [lower, upper] = interval;
  return { value, se: deviation(known), interval: { lower, upper, level } };
}

const saysHowMany = (units: number): string => (units === 1 ? 'is one' : 'are none');

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

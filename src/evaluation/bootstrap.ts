import { type EstimateWithSe, type OrRefusal, refuse } from '../statistics/result.js';
import { seededRandom } from './random.js';

/** Draws with which the ends of a 95 % interval hardly change from seed to seed. */
export const usualDraws = 1_000;
const level = 0.95;
/** Of the draws, for which a measure may be impossible before the interval would be one of the others only. */
const impossible = 0.05;

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
  const drawn = Int32Array.from({ length: units }, (_, i) => i);
  const value = measure(drawn);
  if (!Number.isFinite(value)) {
    return refuse('invalid_input', 'The measure has no value on these recipients or rows.');
  }
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < units; i++) drawn[i] = random.below(units);
    const one = measure(drawn);
    if (Number.isFinite(one)) values.push(one);
  }
  if (values.length < (1 - impossible) * draws) {
    const share = Math.round(100 * (1 - values.length / draws));
    return refuse(
      'too_few',
      `The measure has no value for ${share} % of the draws: there are too few cases.`,
    );
  }
  return { value, se: deviation(values), interval: percentiles(values) };
}

const saysHowMany = (units: number): string => (units === 1 ? 'is one' : 'are none');

function percentiles(values: readonly number[]): EstimateWithSe['interval'] {
  const sorted = Float64Array.from(values).sort();
  return { lower: quantile(sorted, (1 - level) / 2), upper: quantile(sorted, (1 + level) / 2), level };
}

/** Linear between order statistics (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

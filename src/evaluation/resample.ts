import type { Random } from './random.js';

/** Of draws without a figure more than this share means that there is no interval. */
const mostMissing = 0.05;

/**
 * Draws units (recipients, rows) again, as many as there are, with replacement, for every bootstrap there is.
 *
 * @param visit gets the places of one draw; the array is used again.
 */
export function resample(
  units: number,
  draws: number,
  random: Random,
  visit: (places: Int32Array) => void,
): void {
  const places = new Int32Array(units);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < units; i++) places[i] = random.below(units);
    visit(places);
  }
}

/**
 * The same draws as the number of times that each unit was drawn: nothing has to be sorted anew for them.
 *
 * @param visit gets the counts of one draw; the array is used again.
 */
export function resampleCounts(
  units: number,
  draws: number,
  random: Random,
  visit: (counts: Int32Array) => void,
): void {
  const counts = new Int32Array(units);
  resample(units, draws, random, (places) => {
    counts.fill(0);
    for (const place of places) counts[place] = (counts[place] as number) + 1;
    visit(counts);
  });
}

/**
 * The percentile interval (Efron and Tibshirani 1993, 13.3) of what was drawn. Undefined where more than one draw in twenty does
 * not have the figure (undefined, or not finite): it would be an interval of the other draws only.
 */
export function percentileInterval(
  drawn: ArrayLike<number | undefined>,
  level = 0.95,
): readonly [number, number] | undefined {
  const known = Float64Array.from(Array.from(drawn).filter(isFiniteNumber)).sort();
  if (known.length === 0 || known.length < (1 - mostMissing) * drawn.length) return undefined;
  return [quantile(known, (1 - level) / 2), quantile(known, (1 + level) / 2)];
}

const isFiniteNumber = (value: number | undefined): value is number => Number.isFinite(value);

/** Linear between order statistics (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}

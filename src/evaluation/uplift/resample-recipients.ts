import type { Random } from '../random.js';

export interface Resampling {
  /** How many samples are drawn. */
  readonly samples: number;
  /** Confidence level in (0, 1). */
  readonly level: number;
}

/** Enough for two digits of an interval's ends. */
export const usualResampling: Resampling = { samples: 500, level: 0.95 };

/**
 * Several figures on samples of the recipients drawn with replacement, all figures on the same samples, so that differences
 * between them keep their pairing.
 *
 * @param recipients how many there are, at least one.
 * @param figures given how often each recipient was drawn; NaN where a sample does not have that figure.
 * @returns for each figure its value in every sample.
 */
export function resample(
  recipients: number,
  samples: number,
  random: Random,
  figures: (counts: Int32Array) => ArrayLike<number>,
): Float64Array[] {
  const counts = new Int32Array(recipients);
  const found: Float64Array[] = [];
  for (let s = 0; s < samples; s++) {
    counts.fill(0);
    for (let i = 0; i < recipients; i++) {
      const drawn = random.below(recipients);
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    const values = figures(counts);
    for (let f = 0; f < values.length; f++) {
      const column = (found[f] ??= new Float64Array(samples));
      column[s] = values[f] as number;
    }
  }
  return found;
}

/**
 * Percentile interval (Efron & Tibshirani 1993, 13.3), quantiles between the drawn values by straight lines. Undefined where
 * more than a twentieth of the samples do not have the figure.
 */
export function percentileInterval(
  values: Float64Array,
  level: number,
): readonly [number, number] | undefined {
  const known = values.filter((value) => Number.isFinite(value)).sort();
  if (known.length === 0 || known.length < 0.95 * values.length) return undefined;
  const at = (share: number): number => {
    const place = share * (known.length - 1);
    const below = known[Math.floor(place)] as number;
    const above = known[Math.ceil(place)] as number;
    return below + (above - below) * (place - Math.floor(place));
  };
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

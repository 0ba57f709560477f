import { isRefusal, type OrRefusal } from '../refusal.js';
import type { Value } from './auc.js';
import { calibrationCurve } from './calibration-curve.js';
import type { RankedRows } from './ranked-rows.js';

/**
 * Expected calibration error: the difference of predicted and observed in each bin of `calibrationCurve`, without its sign,
 * averaged by rows. From 0 (best) to 1. Chance alone keeps it above 0: see `errorByChance`. Refuses as `calibrationCurve` does.
 */
export function expectedCalibrationError(
  labels: Uint8Array,
  probabilities: Float64Array,
  bins = 10,
): OrRefusal<Value> {
  const curve = calibrationCurve(labels, probabilities, bins);
  if (isRefusal(curve)) return curve;
  const sum = curve.bins.reduce((all, bin) => all + bin.rows * Math.abs(bin.observed - bin.predicted), 0);
  return { value: sum / labels.length };
}

/** The same in fixed bins. @param weights by place. */
export function binnedError(
  { labels, scores }: RankedRows,
  bins: readonly (readonly [number, number])[],
  weights: Float64Array,
): number | undefined {
  let [all, sum] = [0, 0];
  for (const [start, end] of bins) {
    let difference = 0;
    for (let place = start; place < end; place++) {
      const weight = weights[place] as number;
      all += weight;
      difference += weight * ((labels[place] as number) - (scores[place] as number));
    }
    sum += Math.abs(difference);
  }
  return all > 0 ? sum / all : undefined;
}

/**
 * What the error would come to, on average, if every prediction were the true probability: in a bin the difference is then
 * about normal with variance Σ p (1 - p), and √(2/π) of its standard deviation is what its size comes to.
 */
export function errorByChance({ scores }: RankedRows, bins: readonly (readonly [number, number])[]): number {
  const sizes = bins.map(([start, end]) => {
    let variance = 0;
    for (let place = start; place < end; place++) {
      const p = scores[place] as number;
      variance += p * (1 - p);
    }
    return Math.sqrt((2 * variance) / Math.PI);
  });
  return sizes.reduce((sum, size) => sum + size, 0) / scores.length;
}

import { wilson } from '../../statistics/proportions/wilson.js';
import { isRefusal, type OrRefusal, refuse } from '../refusal.js';
import { probabilityProblem } from './mean-loss.js';
import { type RankedRows, rankRows } from './ranked-rows.js';

/** Rows of about the same prediction, and what became of them. */
export interface CalibrationBin {
  readonly rows: number;
  /** Mean prediction. */
  readonly predicted: number;
  /** Share of label 1, with Wilson's 95 % interval over the rows. */
  readonly observed: number;
  readonly interval: readonly [number, number];
}

/**
 * Predictions from the lowest to the highest in at most `bins` bins of about equally many rows, beside the share of label 1
 * in each. Rows of the same prediction stay in one bin, so that the curve does not depend on the order of the rows: with few
 * different predictions there are fewer bins.
 *
 * Refuses `invalid_input` for what is no probability or no number of bins, and what `rankRows` refuses.
 */
export function calibrationCurve(
  labels: Uint8Array,
  probabilities: Float64Array,
  bins = 10,
): OrRefusal<{ readonly bins: readonly CalibrationBin[] }> {
  const ranked = rankRows(labels, probabilities);
  if (isRefusal(ranked)) return ranked;
  if (!Number.isInteger(bins) || bins < 1) {
    return refuse('invalid_input', `The number of bins is a whole number from 1; it was ${bins}.`);
  }
  const problem = probabilityProblem(probabilities);
  if (problem) return problem;
  return { bins: binsOf(ranked, placesOfBins(ranked, bins)) };
}

/**
 * Where each bin begins and ends among the places, the lowest predictions first. A bin is full once it has its part of the rows
 * that were left at its beginning.
 */
export function placesOfBins({ ends, rows }: RankedRows, bins: number): (readonly [number, number])[] {
  const places: (readonly [number, number])[] = [];
  // From the back: places are by falling score.
  let end = rows.length;
  for (let run = ends.length - 1; run >= 0; run--) {
    const start = run === 0 ? 0 : (ends[run - 1] as number);
    const wanted = Math.round(end / Math.max(1, bins - places.length));
    if (end - start < wanted && start > 0) continue;
    places.push([start, end]);
    end = start;
  }
  return places;
}

function binsOf(ranked: RankedRows, places: readonly (readonly [number, number])[]): CalibrationBin[] {
  return places.map(([start, end]) => {
    let [positives, predicted] = [0, 0];
    for (let place = start; place < end; place++) {
      positives += ranked.labels[place] as number;
      predicted += ranked.scores[place] as number;
    }
    const rows = end - start;
    return {
      rows,
      predicted: predicted / rows,
      observed: positives / rows,
      interval: wilson95(positives, rows),
    };
  });
}

function wilson95(successes: number, n: number): readonly [number, number] {
  const rate = wilson({ successes: BigInt(successes), n: BigInt(n) }, 0.95);
  if (isRefusal(rate)) throw new Error(rate.reason);
  return [rate.interval.lower, rate.interval.upper];
}

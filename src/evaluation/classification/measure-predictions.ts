import { isRefusal, type OrRefusal, refuse } from '../refusal.js';
import { type CalibrationBin, calibrationCurve } from './calibration-curve.js';
import { type MeasureChoices, type PredictionMeasure, predictionMeasures } from './prediction-measures.js';
import { rankRows } from './ranked-rows.js';
import { oneRowEach, type RecipientRows, resampleRows } from '../recipient-rows.js';
import { percentileInterval } from '../resample.js';

/** A figure about predictions, with its interval; or why there is none. */
export type PredictionFigure = { readonly name: string; readonly definition: string } & (
  | {
      readonly value: number;
      /** 95 %; left out where draws of recipients come to no number too often. */
      readonly interval?: readonly [number, number];
      readonly higherIsBetter: boolean;
      readonly target?: number;
    }
  | { readonly refused: true; readonly code: string; readonly reason: string }
);

export interface MeasureOptions extends Partial<MeasureChoices> {
  /** Whose rows they are; every row a recipient of its own unless given. */
  readonly recipients?: RecipientRows;
  /** Bootstrap samples: 1,000 unless given, 0 for no intervals. */
  readonly draws?: number;
  readonly seed: string;
  /** Names of the figures that are wanted; all unless given. */
  readonly only?: readonly string[];
}

export interface MeasuredPredictions {
  /** AUC, log loss and Brier first, in a fixed order. */
  readonly figures: readonly PredictionFigure[];
  readonly calibration: readonly CalibrationBin[];
}

/**
 * Everything that is asked of predictions of a label: how well they rank, how right they are as probabilities, and what comes
 * of acting on the highest. Intervals are the middle 95 % over resampled recipients.
 *
 * Refuses `invalid_input` for rows that cannot be measured at all, and `too_few` for none; a single figure that cannot be had
 * (AUC of labels that are all alike) says so in its place.
 */
export function measurePredictions(
  labels: Uint8Array,
  probabilities: Float64Array,
  options: MeasureOptions,
): OrRefusal<MeasuredPredictions> {
  const { threshold = 0.5, share = 0.1, bins = 10, draws = 1_000 } = options;
  const recipients = options.recipients ?? oneRowEach(labels.length);
  if (recipients.of.length !== labels.length) {
    return refuse('invalid_input', `There are ${recipients.of.length} recipients for ${labels.length} rows.`);
  }
  if (!(share > 0 && share <= 1)) return refuse('invalid_input', 'The share is above 0 and at most 1.');
  if (Number.isNaN(threshold)) return refuse('invalid_input', 'The threshold is no number.');
  const curve = calibrationCurve(labels, probabilities, bins);
  if (isRefusal(curve)) return curve;
  const ranked = rankRows(labels, probabilities);
  if (isRefusal(ranked)) return ranked;
  const all = predictionMeasures(ranked, { threshold, share, bins });
  const measures = all.filter(({ name }) => options.only?.includes(name) ?? true);
  const drawn: (number | undefined)[][] = measures.map(() => []);
  if (recipients.recipients > 1) {
    resampleRows(recipients, ranked.rows, options.seed, draws, (weights) => {
      for (const [i, measure] of measures.entries()) drawn[i]?.push(measure.of(weights));
    });
  }
  const once = new Float64Array(labels.length).fill(1);
  return {
    figures: measures.map((measure, i) => figureOf(measure, once, drawn[i] ?? [])),
    calibration: curve.bins,
  };
}

function figureOf(
  measure: PredictionMeasure,
  once: Float64Array,
  drawn: readonly (number | undefined)[],
): PredictionFigure {
  const { name, definition, higherIsBetter, target } = measure;
  const value = measure.of(once);
  if (value === undefined) return { name, definition, ...measure.missing() };
  const middle = percentileInterval(drawn);
  const interval = middle && measure.drawsLieAbove ? turned(middle, value) : middle;
  return {
    ...{ name, definition, value, higherIsBetter },
    ...(target !== undefined && { target }),
    ...(interval && { interval }),
  };
}

/** The basic bootstrap interval, kept at 0 or more. */
function turned([low, high]: readonly [number, number], value: number): readonly [number, number] {
  return [Math.max(0, 2 * value - high), Math.max(0, 2 * value - low)];
}

/**
 * How much better one set of predictions is than another on the same rows, by the same draws of recipients: the difference in a
 * measure, above 0 where the first is better, and its interval. Undefined where the measure cannot be had of both.
 */
export function comparePredictions(
  labels: Uint8Array,
  [first, second]: readonly [Float64Array, Float64Array],
  { measure, seed, draws = 1_000, ...options }: MeasureOptions & { readonly measure: string },
): { readonly value: number; readonly interval?: readonly [number, number] } | undefined {
  const recipients = options.recipients ?? oneRowEach(labels.length);
  const choices = { threshold: 0.5, share: 0.1, bins: 10, ...options };
  const once = new Float64Array(labels.length).fill(1);
  const [a, b] = [first, second].map((predictions) => {
    const ranked = rankRows(labels, predictions);
    if (isRefusal(ranked)) return undefined;
    const found = predictionMeasures(ranked, choices).find(({ name }) => name === measure);
    const value = found?.of(once);
    if (!found || value === undefined) return undefined;
    const drawn: (number | undefined)[] = [];
    resampleRows(recipients, ranked.rows, seed, draws, (weights) => drawn.push(found.of(weights)));
    return { value, drawn, sign: found.higherIsBetter ? 1 : -1 };
  });
  if (!a || !b) return undefined;
  const differences = a.drawn.map((value, i) => {
    const other = b.drawn[i];
    return value === undefined || other === undefined ? undefined : a.sign * (value - other);
  });
  const interval = percentileInterval(differences);
  return { value: a.sign * (a.value - b.value), ...(interval && { interval }) };
}

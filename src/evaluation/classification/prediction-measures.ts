import { isRefusal, type OrRefusal, refuse } from '../refusal.js';
import { oneLabel, rankedAuc } from './auc.js';
import { noPositives, rankedAveragePrecision } from './average-precision.js';
import { placesOfBins } from './calibration-curve.js';
import { binnedError, errorByChance } from './calibration-error.js';
import { fitLine, type Redrawn } from './calibration-line.js';
import { type Chosen, chosenAbove, chosenFirst, f1Of, liftOf, precisionOf, recallOf } from './chosen-rows.js';
import { type Loss, logLossOf, squaredErrorOf } from './mean-loss.js';
import type { RankedRows } from './ranked-rows.js';

/** One way of measuring predictions, ready to be asked again under other weights. */
export interface PredictionMeasure {
  readonly name: string;
  readonly definition: string;
  readonly higherIsBetter: boolean;
  /** The best value, where neither higher nor lower is better for ever. */
  readonly target?: number;
  /** @param weights by place. @returns undefined where there is no such number. */
  readonly of: (weights: Float64Array) => number | undefined;
  /** Why there is no number for the rows as they are. */
  readonly missing: () => OrRefusal<never>;
  /** Where a draw lies above the truth on average: the interval is then turned around the value (basic bootstrap). */
  readonly drawsLieAbove?: true;
}

export interface MeasureChoices {
  /** Predictions from here on are called positive. */
  readonly threshold: number;
  /** Part of the rows, those with the highest predictions, that precision, recall and lift are measured on. */
  readonly share: number;
  /** Of the calibration. */
  readonly bins: number;
}

export function predictionMeasures(ranked: RankedRows, choices: MeasureChoices): PredictionMeasure[] {
  return [
    {
      name: 'AUC',
      definition:
        'Probability that a row with the outcome is scored above one without, a tie counting one half.',
      higherIsBetter: true,
      of: (weights) => rankedAuc(ranked, weights),
      missing: () => oneLabel('AUC compares the scores of the two labels'),
    },
    meanMeasure(
      'log loss',
      'Mean of -log of the probability given to what happened, in nats, clipped to [1e-15, 1 - 1e-15].',
      logLossOf,
      ranked,
    ),
    meanMeasure('Brier', 'Mean squared difference of prediction and outcome.', squaredErrorOf, ranked),
    {
      name: 'average precision',
      definition:
        'Precision at every different score, weighted by the recall it adds (area under precision-recall).',
      higherIsBetter: true,
      of: (weights) => rankedAveragePrecision(ranked, weights),
      missing: noPositives,
    },
    ...topMeasures(ranked, choices.share),
    ...thresholdMeasures(ranked, choices.threshold),
    ...calibrationMeasures(ranked, choices.bins),
  ];
}

function meanMeasure(name: string, definition: string, loss: Loss, ranked: RankedRows): PredictionMeasure {
  const losses = Float64Array.from(ranked.scores, (score, place) =>
    loss(ranked.labels[place] as number, score),
  );
  return {
    name,
    definition,
    higherIsBetter: false,
    of: (weights) => {
      let [sum, all] = [0, 0];
      for (let place = 0; place < losses.length; place++) {
        const weight = weights[place] as number;
        sum += weight * (losses[place] as number);
        all += weight;
      }
      return all > 0 ? sum / all : undefined;
    },
    missing: () => refuse('too_few', 'There are no rows to measure on.'),
  };
}

function topMeasures(ranked: RankedRows, share: number): PredictionMeasure[] {
  const text = `${percent(share)} of rows scored highest`;
  const chosen = (weights: Float64Array) => chosenFirst(ranked, weights, share);
  const measure = (name: string, definition: string, read: (sums: Chosen) => number | undefined) => ({
    name: `${name}@${percent(share).replace(' ', '')}`,
    definition,
    higherIsBetter: true,
    of: (weights: Float64Array) => read(chosen(weights)),
    missing: noPositives,
  });
  return [
    measure('precision', `Share with the outcome among the ${text}; ties by lower row.`, precisionOf),
    measure(
      'recall',
      `Share of the rows with the outcome that is among the ${text}; ties by lower row.`,
      recallOf,
    ),
    measure(
      'lift',
      `That precision over the share with the outcome among all rows; ties by lower row.`,
      liftOf,
    ),
  ];
}

function thresholdMeasures(ranked: RankedRows, threshold: number): PredictionMeasure[] {
  const chosen = (weights: Float64Array) => chosenAbove(ranked, weights, threshold);
  const measure = (
    name: string,
    definition: string,
    read: (sums: Chosen) => number | undefined,
    missing: PredictionMeasure['missing'],
  ) => ({
    name: `${name} (≥ ${threshold})`,
    definition,
    higherIsBetter: true,
    of: (weights: Float64Array) => read(chosen(weights)),
    missing,
  });
  const called = `predicted at ${threshold} or higher`;
  const nothing = () => refuse('too_few', `No row is ${called}, so there is no precision.`);
  return [
    measure('precision', `Share with the outcome among the rows ${called}.`, precisionOf, nothing),
    measure('recall', `Share of the rows with the outcome that are ${called}.`, recallOf, noPositives),
    measure('F1', `Harmonic mean of these two; 0 where no row is ${called}.`, f1Of, noPositives),
  ];
}

function calibrationMeasures(ranked: RankedRows, bins: number): PredictionMeasure[] {
  const line = fitLine(ranked);
  const places = placesOfBins(ranked, bins);
  const coefficient = (
    name: string,
    definition: string,
    target: number,
    fit: OrRefusal<Redrawn>,
  ): PredictionMeasure => ({
    name,
    definition,
    higherIsBetter: true,
    target,
    of: isRefusal(fit) ? () => undefined : fit.redraw,
    missing: () => (isRefusal(fit) ? fit : refuse('separation', 'The fit does not settle.')),
  });
  return [
    coefficient(
      'calibration slope',
      'b in logit P = a + b logit(prediction); 1 is best, below 1 predictions are too extreme.',
      1,
      isRefusal(line) ? line : line.slope,
    ),
    coefficient(
      'calibration intercept',
      'a in logit P = a + logit(prediction); 0 is best, below 0 predictions are too high.',
      0,
      isRefusal(line) ? line : line.intercept,
    ),
    {
      name: 'calibration error',
      definition: `Mean difference of predicted and observed over ${places.length} bins of about equally many rows; chance alone would make it ${errorByChance(ranked, places).toFixed(4)}. Basic bootstrap interval.`,
      higherIsBetter: false,
      of: (weights) => binnedError(ranked, places, weights),
      missing: () => refuse('too_few', 'There are no rows to measure on.'),
      drawsLieAbove: true,
    },
  ];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

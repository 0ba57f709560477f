import {
  comparePredictions,
  measurePredictions,
  type PredictionFigure,
} from '../../evaluation/classification/measure-predictions.js';
import type { Measure, ModelReport } from '../model-report.js';
import type { LearningLog } from '../strategy.js';
import { type Baseline, baselinesOf } from './baselines.js';
import { horizonMs, positivesOf } from './labels.js';
import type { Lesson, TaughtOutcome, TaughtOutcomes } from './learn-outcomes.js';
import type { Model } from './estimator.js';
import { tableFor } from './table.js';
import { describeModel } from './validation/describe-model.js';
import { labelledRows } from './validation/labelled-rows.js';

/** Draws of the bootstrap: as many as take a second or two, for few rows a thousand. */
export function drawsFor(rows: number, outcomes: number): number {
  return Math.round(Math.min(1_000, Math.max(200, 2e7 / Math.max(1, rows * outcomes))));
}

/** What a model says of the rows that were held out; the base rate, where there is none. */
export function heldOutScores(
  { heldOutCells }: TaughtOutcomes,
  { model, rate }: TaughtOutcome,
): Float64Array {
  if (!model) return new Float64Array(heldOutCells.length).fill(rate);
  return model.predict(tableFor(model.columns, heldOutCells));
}

/** The report of a model of one outcome. */
export function outcomeReport(
  lesson: Lesson,
  taught: TaughtOutcomes,
  outcome: TaughtOutcome & { readonly model: Model },
  log: Pick<LearningLog, 'histories'>,
  clock: Date,
  seed: string,
): ModelReport {
  const { task, heldOut, rate, labels, model } = outcome;
  const draws = drawsFor(heldOut.length, 1);
  const settings = { seed, draws };
  const scores = heldOutScores(taught, outcome);
  const baselines = baselinesOf(task, taught.holdOut, log.histories);
  const flat = new Float64Array(heldOut.length).fill(rate);
  const described = describeModel({
    ...{ model, ...settings, ...frameOf(lesson, taught, clock) },
    learned: labelledRows(taught.training, outcome.taught),
    heldOut: labelledRows(tableFor(model.columns, taught.heldOutCells), heldOut),
    titles: new Map(taught.features.columns.map(({ name, title }) => [name, title])),
  });
  return {
    ...described,
    labels,
    baselines: [
      { name: 'base rate', measures: figuresOf(heldOut, flat, ['AUC', 'log loss', 'Brier'], settings) },
      ...baselines.map((one) => ({
        name: one.name,
        measures: figuresOf(heldOut, one.scores, rankings, settings, one.definition),
      })),
    ],
    notes: [
      `Held out: ${heldOut.length} rows, ${positivesOf(heldOut)} of them with the outcome.`,
      ...rarity(labels.positives, labels.rows, taught.features.names.length),
      ...baselines.map((one) => versus(heldOut, scores, one, settings)),
    ],
  };
}

const rankings = ['AUC', 'average precision', 'lift@10%'];

/** What is the same for every report of this kind. */
export function frameOf(
  lesson: Lesson,
  { features }: TaughtOutcomes,
  clock: Date,
): Pick<ModelReport, 'window' | 'split'> {
  const horizon = horizonMs(lesson);
  const until = clock.getTime() - horizon;
  const { lookbackMs } = features.needs;
  const first = until - horizon * lesson.cutOffs;
  return {
    window: {
      ...(lookbackMs !== undefined && { from: new Date(first - lookbackMs).toISOString() }),
      until: new Date(until).toISOString(),
    },
    split: {
      kind: 'time',
      note: `Learned from what happened before ${inWords(new Date(until))}, and measured on features as of then and on what happened from then to ${inWords(clock)}.`,
    },
  };
}

/** To the second, in UTC. */
const inWords = (moment: Date): string => `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function figuresOf(
  labels: Uint8Array,
  scores: Float64Array,
  names: readonly string[],
  settings: { readonly seed: string; readonly draws: number },
  how = '',
): Measure[] {
  const measured = measurePredictions(labels, scores, settings);
  if ('refused' in measured) return [refusedAuc(measured)];
  return measured.figures
    .filter(({ name }) => names.includes(name))
    .map((figure) => asMeasure({ ...figure, definition: `${how} ${figure.definition}`.trim() }));
}

function refusedAuc({ code, reason }: { readonly code: string; readonly reason: string }): Measure {
  return { name: 'AUC', definition: 'Measured on what was held out.', refused: true, code, reason };
}

export const asMeasure = (figure: PredictionFigure): Measure => figure;

/** The rule of ten events per variable (Peduzzi and others, J Clin Epidemiol 49, 1996), as a word of caution. */
function rarity(positives: number, rows: number, columns: number): string[] {
  const rarer = Math.min(positives, rows - positives);
  if (rarer >= 10 * columns) return [];
  return [
    `There are ${rarer} rows of the rarer label for ${columns} features, fewer than ten for each: the model may see patterns that are none. Fewer features or more cut-offs would help.`,
  ];
}

/** Says plainly whether the model is worth its while. */
function versus(
  labels: Uint8Array,
  scores: Float64Array,
  { name, scores: simple }: Baseline,
  settings: { readonly seed: string; readonly draws: number },
): string {
  const gained = comparePredictions(labels, [scores, simple], { ...settings, measure: 'AUC' });
  return comparison(name, 'AUC', gained);
}

/** A sentence about a difference and its interval. */
export function comparison(
  name: string,
  measure: string,
  gained: { readonly value: number; readonly interval?: readonly [number, number] } | undefined,
): string {
  if (gained?.interval === undefined) return `Whether the model beats ${name} cannot be told.`;
  const [low, high] = gained.interval;
  const figures = `${measure} ${signed(gained.value)}, 95% interval ${signed(low)} to ${signed(high)}`;
  if (low > 0) return `The model beats ${name}: ${figures}.`;
  if (high < 0) return `The model does worse than ${name} alone, which is simpler: ${figures}.`;
  return `The model is not shown to beat ${name}, which is simpler: ${figures}.`;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

import type { Readable } from 'node:stream';
import { comparePredictions } from '../evaluation/classification/measure-predictions.js';
import { badInput } from '../errors.js';
import type { BadRow } from '../files/bad-rows.js';
import type { Model } from '../strategies/ml/estimator.js';
import { describeModel } from '../strategies/ml/validation/describe-model.js';
import type { LabelledRows } from '../strategies/ml/validation/labelled-rows.js';
import type { CandidateScore, ModelReport } from '../strategies/model-report.js';
import type { Json } from '../strategies/strategy.js';
import {
  candidateOf,
  type Preparation,
  type Prepared,
  preparePropensity,
  withFeatures,
} from './prepare-propensity.js';
import { bestSingleColumn } from './propensity-baselines.js';
import { readSides, type Sides, type SidesRequest } from './propensity-sides.js';
import type { SplitRows } from './propensity-split.js';

/** A file of rows with an outcome, and how a model of it is to be made and measured. */
export interface PropensityRequest extends SidesRequest, Preparation {
  /** Name of one. */
  readonly estimator: string;
  readonly settings: unknown;
  readonly threshold: number;
  readonly share: number;
}

export interface EvaluationOptions {
  readonly now: Date;
  readonly stdin?: Readable;
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly tell?: (step: string) => void;
}

export interface PropensityEvaluation {
  readonly file: string;
  readonly outcome: string;
  readonly estimator: { readonly name: string; readonly settings: Json };
  readonly learned: { readonly rows: number; readonly positives: number };
  readonly heldOut: { readonly rows: number; readonly positives: number };
  readonly report: ModelReport;
  /** The model beside the best single column, on the same rows held out. */
  readonly againstSingle?: {
    readonly column: string;
    /** In AUC; above 0 where the model is better. */
    readonly difference: number;
    readonly interval?: readonly [number, number];
  };
  readonly search?: readonly CandidateScore[];
  readonly seed: string;
  readonly badRows: { readonly count: number; readonly examples: readonly BadRow[] };
}

/**
 * Learns a propensity model from some rows of a file and measures it on others. The rows held out have no part in anything but the
 * measuring: folds, search and elimination are of the rows learned from.
 *
 * @throws bad_input where the file, the split, the estimator or its settings do not serve, or nothing can be learned.
 */
export async function evaluatePropensity(
  request: PropensityRequest,
  options: EvaluationOptions,
): Promise<PropensityEvaluation> {
  const tell = options.tell ?? (() => undefined);
  const chosen = candidateOf(request.estimator, request.settings);
  tell('reading');
  const sides = await readSides(request, options);
  const prepared = preparePropensity(chosen, sides.learned, request, tell);
  const { estimator, settings } = prepared.candidate;
  const learned = withFeatures(sides.learned, prepared.features);
  tell('learning');
  const fitted = estimator.fit(learned.table, learned.labels, settings, request.seed);
  if ('refused' in fitted) throw badInput(`cannot_learn_${fitted.code}`, fitted.reason);
  tell('measuring');
  const measured = measure(fitted, prepared, sides, request, options.now);
  return {
    file: sides.file,
    outcome: sides.outcome,
    estimator: { name: estimator.name, settings },
    learned: countsOf(learned),
    heldOut: countsOf(sides.heldOut),
    ...measured,
    ...(prepared.search && { search: prepared.search }),
    seed: request.seed,
    badRows: sides.badRows,
  };
}

/** The report, with the model beside the base rate and the best single column. */
function measure(
  fitted: { readonly model: Model; readonly notes?: readonly string[] },
  { features, candidates, elimination, notes }: Prepared,
  sides: Sides,
  request: PropensityRequest,
  now: Date,
): Pick<PropensityEvaluation, 'report' | 'againstSingle'> {
  const { model } = fitted;
  const heldOut = withFeatures(sides.heldOut, features);
  const single = bestSingleColumn(sides.learned, sides.heldOut, request.seed);
  const { rows, positives } = countsOf(sides.learned);
  const baseRate = new Float64Array(heldOut.labels.length).fill(positives / rows);
  const report = describeModel({
    ...request,
    model,
    learned: withFeatures(sides.learned, features),
    heldOut,
    window: windowOf(sides.split, now),
    split: sides.split.report,
    baselines: [
      { name: 'base rate', predictions: baseRate },
      ...(single ? [{ name: `best single column: ${single.column}`, predictions: single.predictions }] : []),
    ],
    more: {
      ...(candidates && { candidates }),
      ...(elimination && { elimination }),
      labels: labelsOf(sides),
      notes: [...sides.notes, ...notes, ...(fitted.notes ?? [])],
    },
  });
  return { report, ...(single && differenceFrom(single, model, heldOut, request.seed)) };
}

function differenceFrom(
  { column, predictions }: { readonly column: string; readonly predictions: Float64Array },
  model: Model,
  { table, labels, recipients }: LabelledRows,
  seed: string,
): Pick<PropensityEvaluation, 'againstSingle'> {
  const difference = comparePredictions(labels, [model.predict(table), predictions], {
    measure: 'AUC',
    seed: `${seed} difference`,
    recipients,
  });
  if (!difference) return {};
  const { value, interval } = difference;
  return { againstSingle: { column, difference: value, ...(interval && { interval }) } };
}

function windowOf({ from, until }: SplitRows, now: Date): ModelReport['window'] {
  return { ...(from !== undefined && { from }), until: until ?? now.toISOString() };
}

function labelsOf({ learned, heldOut, outcome, gaps }: Sides): NonNullable<ModelReport['labels']> {
  return {
    outcome,
    horizonMs: 0,
    cutOffs: [],
    rows: learned.labels.length + heldOut.labels.length,
    positives: countsOf(learned).positives + countsOf(heldOut).positives,
    gaps,
  };
}

function countsOf({ labels }: LabelledRows): { readonly rows: number; readonly positives: number } {
  return { rows: labels.length, positives: labels.reduce((sum, label) => sum + label, 0) };
}

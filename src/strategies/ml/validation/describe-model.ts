import { measurePredictions } from '../../../evaluation/classification/measure-predictions.js';
import { isRefusal } from '../../../evaluation/refusal.js';
import type { FeatureUse, Measure, ModelReport } from '../../model-report.js';
import type { Model } from '../estimator.js';
import type { Column } from '../table.js';
import type { LabelledRows } from './labelled-rows.js';
import { permutationImportance } from './permutation-importance.js';
import { scoringOf } from './scoring.js';
import { surrogateTree } from './surrogate-tree.js';

export interface ModelToDescribe {
  readonly model: Model;
  /** What it learned from. */
  readonly learned: LabelledRows;
  /** What it did not learn from, and is measured on. Columns as in `learned`. */
  readonly heldOut: LabelledRows;
  readonly window: ModelReport['window'];
  readonly split: ModelReport['split'];
  readonly seed: string;
  /** Titles of features, where they are not their names. */
  readonly titles?: ReadonlyMap<string, string>;
  /** Bootstrap samples for the intervals of measures: 1,000 unless given. */
  readonly draws?: number;
  /** Predictions from here on are called positive, and the share of rows acted on. */
  readonly threshold?: number;
  readonly share?: number;
  /** Predictions of simpler ways of doing it, for the rows held out. */
  readonly baselines?: readonly { readonly name: string; readonly predictions: Float64Array }[];
  /** What else the report is to say. */
  readonly more?: Pick<Partial<ModelReport>, 'labels' | 'candidates' | 'elimination' | 'reference' | 'notes'>;
}

/** Puts the report of a model together: its measures on rows held out with intervals, calibration, features, a tree to read. */
export function describeModel(one: ModelToDescribe): ModelReport {
  const { model, learned, heldOut } = one;
  const predictions = model.predict(heldOut.table);
  const measured = measurePredictions(heldOut.labels, predictions, {
    ...one,
    recipients: heldOut.recipients,
  });
  const surrogate =
    heldOut.table.rows > 0
      ? surrogateTree(
          { table: learned.table, predictions: model.predict(learned.table) },
          { table: heldOut.table, predictions },
        )
      : undefined;
  return {
    window: one.window,
    split: one.split,
    ...one.more,
    features: featuresOf(one),
    measures: isRefusal(measured) ? [notMeasured(measured)] : measured.figures,
    ...(one.baselines && { baselines: one.baselines.map((baseline) => measuredBaseline(baseline, one)) }),
    ...(!isRefusal(measured) && { calibration: measured.calibration }),
    ...(surrogate && { surrogate }),
    notes: one.more?.notes ?? [],
  };
}

function notMeasured({ code, reason }: { code: string; reason: string }): Measure {
  return { name: 'AUC', definition: 'Measures of the rows held out.', refused: true, code, reason };
}

/** The measures that compare: of a baseline nobody asks for precision at a threshold. */
const ofBaselines = ['AUC', 'log loss', 'Brier', 'average precision'];

function measuredBaseline(
  { name, predictions }: { name: string; predictions: Float64Array },
  one: ModelToDescribe,
) {
  const { labels, recipients } = one.heldOut;
  const measured = measurePredictions(labels, predictions, { ...one, recipients, only: ofBaselines });
  return { name, measures: isRefusal(measured) ? [notMeasured(measured)] : measured.figures };
}

function featuresOf({ model, learned, heldOut, titles, seed }: ModelToDescribe): FeatureUse[] {
  const importance = permutationImportance(model, heldOut, scoringOf('AUC'), { seed: `${seed} importance` });
  return learned.table.columns.map((column, c) => {
    const gain = model.gain?.[c];
    const own = 'refused' in importance ? undefined : importance.get(column.name);
    return {
      name: column.name,
      title: titles?.get(column.name) ?? column.name,
      type: column.type,
      missing: missingShare(column),
      ...(gain !== undefined && { gain }),
      ...(own && { importance: own }),
    };
  });
}

function missingShare(column: Column): number {
  const rows = column.type === 'number' ? column.values : column.codes;
  if (rows.length === 0) return 0;
  let missing = 0;
  if (column.type === 'number') for (const value of column.values) missing += Number(!Number.isFinite(value));
  else for (const code of column.codes) missing += Number(code < 0);
  return missing / rows.length;
}

import { z } from 'zod';
import type { Profile } from '../../profiles/history.js';
import type { Json } from '../strategy.js';
import type { Model } from './estimator.js';
import { findEstimator } from './estimators.js';
import { type FeatureSet, featureSet, findColumn } from './features.js';
import { type Cell, type ColumnSpec, tableFor } from './table.js';

/** What kinds that score outcomes keep of what they learned. Plain JSON. */
export interface TaughtState {
  readonly version: 1;
  /** Names of the columns, groups spelled out, in the order of the rows. */
  readonly features: readonly string[];
  readonly outcomes: readonly TaughtOutcomeState[];
}

export interface TaughtOutcomeState {
  readonly key: string;
  /** Share in which it happened among what was learned from: the answer where there is no model. */
  readonly rate: number;
  readonly estimator: string;
  /** Null: there was too little to learn from. */
  readonly model: Json;
}

const stateSchema = z.looseObject({
  version: z.literal(1),
  features: z.array(z.string().refine((name) => findColumn(name) !== undefined)),
  outcomes: z
    .array(
      z.strictObject({
        key: z.string(),
        rate: z.number().min(0).max(1),
        estimator: z.string(),
        model: z.unknown(),
      }),
    )
    .min(1),
});

/** Whatever answers with a probability for each outcome, by its key. */
export interface Scorer {
  readonly keys: readonly string[];
  readonly features: FeatureSet;
  /** One number for each row and outcome, from 0 to 1, by the key of the outcome. */
  scoreRows(rows: readonly (readonly Cell[])[]): ReadonlyMap<string, Float64Array>;
  scoreOne(profile: Profile, clock: number): ReadonlyMap<string, number>;
}

/** @throws Error with a sentence where the state is none of these, was cut short, or is of another version. */
export function scorerOf(state: Json): Scorer {
  const parsed = stateSchema.safeParse(state);
  if (!parsed.success) {
    throw new Error(
      'What was learned cannot be used: it is truncated, of another version, or of another kind of strategy. Learn again.',
    );
  }
  const { features: names, outcomes } = parsed.data;
  const features = featureSet(names);
  const models = outcomes.map(({ key, rate, estimator, model }) => ({
    key,
    rate,
    model: model === null ? undefined : modelOf(estimator, model as Json, names),
  }));
  const scoreRows = (rows: readonly (readonly Cell[])[]): ReadonlyMap<string, Float64Array> => {
    // Models of one learning see the same columns: one table does for all.
    const tables = tableMaker(rows);
    return new Map(
      models.map(({ key, rate, model }) => [
        key,
        model ? model.predict(tables(model.columns)) : new Float64Array(rows.length).fill(rate),
      ]),
    );
  };
  return {
    keys: models.map(({ key }) => key),
    features,
    scoreRows,
    scoreOne({ history, traits }, clock) {
      const scores = scoreRows([features.row(history, clock, traits)]);
      return new Map([...scores].map(([key, values]) => [key, values[0] as number]));
    },
  };
}

function modelOf(name: string, json: Json, features: readonly string[]): Model {
  const estimator = findEstimator(name);
  if (!estimator) throw new Error(`There is no estimator ${name}: learn again with one that there is.`);
  const model = estimator.fromJSON(json);
  const same =
    model.columns.length === features.length &&
    model.columns.every((column, i) => column.name === features[i]);
  if (!same) throw new Error('The model was taught on other features than are named beside it. Learn again.');
  return model;
}

function tableMaker(rows: readonly (readonly Cell[])[]) {
  let last: { readonly specs: string; readonly table: ReturnType<typeof tableFor> } | undefined;
  return (specs: readonly ColumnSpec[]): ReturnType<typeof tableFor> => {
    const text = spelled(specs);
    if (last?.specs !== text) last = { specs: text, table: tableFor(specs, rows) };
    return last.table;
  };
}

const spellings = new WeakMap<readonly ColumnSpec[], string>();

function spelled(specs: readonly ColumnSpec[]): string {
  let text = spellings.get(specs);
  if (text === undefined) spellings.set(specs, (text = JSON.stringify(specs)));
  return text;
}

import { badInput } from '../errors.js';
import { didYouMean, quoted, quotedList } from '../files/closest-name.js';
import { estimators, findEstimator } from '../strategies/ml/estimators.js';
import { takeColumns } from '../strategies/ml/table.js';
import { compareEstimators } from '../strategies/ml/validation/compare-estimators.js';
import type { Candidate } from '../strategies/ml/validation/cross-validate.js';
import { eliminateFeatures } from '../strategies/ml/validation/eliminate-features.js';
import { dealFolds, type Folds, type Refused } from '../strategies/ml/validation/folds.js';
import type { LabelledRows } from '../strategies/ml/validation/labelled-rows.js';
import { scoringOf } from '../strategies/ml/validation/scoring.js';
import { searchSettings } from '../strategies/ml/validation/search-settings.js';
import { searchSpaceOf } from '../strategies/ml/validation/search-spaces.js';
import type { CandidateScore, ModelReport } from '../strategies/model-report.js';
import type { Json } from '../strategies/strategy.js';

/** What is to be found out on the rows to learn from, before the model is learned. */
export interface Preparation {
  /** Cross-validates every estimator with its defaults, the chosen one with its settings. */
  readonly compare: boolean;
  /** Drops features as long as cross-validation says so. */
  readonly eliminate: boolean;
  /** Tries a small grid of settings and takes the best. */
  readonly search: boolean;
  readonly folds: number;
  readonly seed: string;
}

export interface Prepared {
  readonly candidate: Candidate;
  /** Names of the features to learn from. */
  readonly features: readonly string[];
  readonly candidates?: NonNullable<ModelReport['candidates']>;
  readonly elimination?: NonNullable<ModelReport['elimination']>;
  readonly search?: readonly CandidateScore[];
  readonly notes: readonly string[];
}

type Tell = (step: string) => void;

const scoring = scoringOf('AUC');

/** @throws bad_input for an estimator that there is not, and settings that it does not take. */
export function candidateOf(name: string, settings: unknown): Candidate {
  const estimator = findEstimator(name);
  const names = [...estimators.keys()];
  if (!estimator) {
    throw badInput(
      'no_estimator',
      `There is no estimator ${quoted(name)}.${didYouMean(name, names)} There are ${quotedList(names)}.`,
    );
  }
  const parsed = estimator.parse(settings);
  if (!parsed.ok) throw badInput('bad_settings', `The settings of ${name} cannot be used.`, parsed.problems);
  return { estimator, settings: parsed.value as Json };
}

/** Search, then comparison, then elimination, all on the same folds. @throws bad_input where one cannot be done. */
export function preparePropensity(
  chosen: Candidate,
  rows: LabelledRows,
  request: Preparation,
  tell: Tell,
): Prepared {
  const features = rows.table.columns.map(({ name }) => name);
  if (!request.compare && !request.search && !request.eliminate)
    return { candidate: chosen, features, notes: [] };
  const { folds: count, seed } = request;
  const folds = answer(dealFolds(rows.labels, rows.recipients, `${seed} folds`, { count }));
  const found = request.search ? search(chosen, rows, folds, seed, tell) : { candidate: chosen };
  const compared = request.compare ? compare(found.candidate, rows, folds, seed, tell) : { notes: [] };
  const reduced = request.eliminate
    ? eliminate(found.candidate, rows, folds, seed, tell)
    : { features, notes: [] };
  return { ...found, ...compared, ...reduced, notes: [...compared.notes, ...reduced.notes] };
}

function search(
  { estimator, settings }: Candidate,
  rows: LabelledRows,
  folds: Folds,
  seed: string,
  tell: Tell,
) {
  tell('searching settings');
  const space = searchSpaceOf(estimator.name);
  if (!space) throw badInput('no_search', `There is no search of settings for ${estimator.name}.`);
  const found = answer(searchSettings(estimator, space, rows, folds, seed, scoring));
  const candidate = candidateOf(estimator.name, { ...(settings as object), ...(found.best as object) });
  return { candidate, search: found.rows };
}

function compare(chosen: Candidate, rows: LabelledRows, folds: Folds, seed: string, tell: Tell) {
  const others = [...estimators.keys()].filter((name) => name !== chosen.estimator.name);
  const all = [chosen, ...others.map((name) => candidateOf(name, {}))];
  const { failed, ...candidates } = compareEstimators(all, rows, folds, seed, scoring, (done) =>
    tell(`comparing ${all[done]?.estimator.name}`),
  );
  const [best] = candidates.rows;
  const notes = failed.map(({ name, reason }) => `${name} could not be compared: ${reason}`);
  if (best && best.name !== chosen.estimator.name) {
    notes.push(
      `In the folds ${best.name} ranked best; what is measured here is ${chosen.estimator.name}, as asked.`,
    );
  }
  return { candidates, notes };
}

function eliminate(candidate: Candidate, rows: LabelledRows, folds: Folds, seed: string, tell: Tell) {
  const found = answer(
    eliminateFeatures(candidate, rows, folds, seed, scoring, (done, of) =>
      tell(`eliminating features: ${done} of ${of}`),
    ),
  );
  const all = found.kept.length === rows.table.columns.length;
  return {
    features: found.kept,
    elimination: found.steps,
    notes: all ? [] : [`Learned from the features that elimination kept: ${found.kept.join(', ')}.`],
  };
}

/** The rows with some of their features only. */
export function withFeatures(rows: LabelledRows, features: readonly string[]): LabelledRows {
  return { ...rows, table: takeColumns(rows.table, features) };
}

function answer<T extends object>(result: T | Refused): T {
  if ('refused' in result) throw badInput(`cannot_learn_${result.code}`, result.reason);
  return result;
}

import { parseDuration } from '../../experiments/duration.js';
import type { Behaviour } from '../../profiles/history.js';
import type { LabelSummary } from '../model-report.js';
import type { LearningLog, NothingLearned, Tell } from '../strategy.js';
import type { Model } from './estimator.js';
import { findEstimator } from './estimators.js';
import { namedColumns, needsOfFeatures } from './feature-groups.js';
import { type FeatureSet, featureSet, traitsAt } from './features.js';
import {
  holdOutCutOff,
  type Horizon,
  horizonMs,
  labelsOf,
  labelSummary,
  type Population,
  positivesOf,
  type Rows,
  rowsAt,
  trainingCutOffs,
} from './labels.js';
import type { ModelChoice } from './model-choice.js';
import { counts, type Outcome } from './outcome.js';
import type { TaughtState } from './scorer.js';
import { type Cell, type Table, tableOf } from './table.js';

/** One thing to predict. */
export interface Task {
  readonly key: string;
  readonly outcome: Outcome;
  /** That it does not happen. */
  readonly absent: boolean;
}

/** What is to be learned: some outcomes, all of them from the same features of the same rows. */
export interface Lesson extends Horizon {
  readonly tasks: readonly Task[];
  readonly model: ModelChoice;
  /** Whether `active` means the event of the outcome, not anything. */
  readonly activeByOutcome?: boolean;
}

export interface TaughtOutcome {
  readonly task: Task;
  readonly labels: LabelSummary;
  /** Share of positives among what was learned from. */
  readonly rate: number;
  /** Absent: there was too little to learn from. */
  readonly model?: Model;
  /** What the estimator has to say of it. */
  readonly notes?: readonly string[];
  /** Why there is no model. */
  readonly why?: NothingLearned;
  /** Labels of the rows that were learned from, and of those that were held out. */
  readonly taught: Uint8Array;
  readonly heldOut: Uint8Array;
}

export interface TaughtOutcomes {
  readonly features: FeatureSet;
  readonly training: Table;
  readonly outcomes: readonly TaughtOutcome[];
  /** Later than what was learned from. */
  readonly holdOut: Rows;
  readonly heldOutCells: readonly (readonly Cell[])[];
}

/**
 * With fewer rows of either label there is no model: below, the interval of the AUC is so wide that nobody could tell a
 * good model from none.
 */
export const fewest = { training: 30, holdOut: 10 } as const;

type Log = Pick<LearningLog, 'histories' | 'traits'>;

/** Learns each outcome from rows before the hold-out. Refused where none of them can be learned. */
export function learnOutcomes(
  lesson: Lesson,
  log: Log,
  clock: Date,
  seed: string,
  tell: Tell = () => undefined,
): TaughtOutcomes | NothingLearned {
  const now = clock.getTime();
  const holdOut = rowsAt(log, populationOf(lesson), [holdOutCutOff(lesson, now)]);
  const { cutOffs, rows: training, features, table } = trainingRows(lesson, log, clock, tell);
  const heldOutCells = cellsOf(features, log, holdOut);
  const outcomes = lesson.tasks.map((task, i): TaughtOutcome => {
    const share = (part: number): number => 0.2 + (0.7 * (i + part)) / lesson.tasks.length;
    return learnOne(task, { lesson, log, cutOffs, training, holdOut, table }, `${seed} ${task.key}`, (part) =>
      tell(`learning ${task.key}`, share(part)),
    );
  });
  const first = outcomes[0];
  if (outcomes.every(({ model }) => model === undefined) && first?.why) return first.why;
  return { features, training: table, outcomes, holdOut, heldOutCells };
}

export interface TrainingRows {
  readonly cutOffs: readonly number[];
  readonly rows: Rows;
  readonly features: FeatureSet;
  readonly table: Table;
}

/** What a lesson is learned from, before anybody says by what. */
export function trainingRows(
  lesson: Lesson,
  log: Log,
  clock: Date,
  tell: Tell = () => undefined,
): TrainingRows {
  const cutOffs = trainingCutOffs(lesson, clock.getTime());
  tell('labels', 0);
  const rows = rowsAt(log, populationOf(lesson), cutOffs);
  tell('features', 0.05);
  // Groups stand for what was known when the labels began.
  const before = cutOffs[0] ?? clock.getTime();
  const names = namedColumns(lesson.model.features, log.histories.values(), before);
  const features = featureSet(names);
  return { cutOffs, rows, features, table: tableOf(names, cellsOf(features, log, rows)) };
}

interface Material {
  readonly lesson: Lesson;
  readonly log: Log;
  readonly cutOffs: readonly number[];
  readonly training: Rows;
  readonly holdOut: Rows;
  readonly table: Table;
}

function learnOne(
  task: Task,
  { lesson, log, cutOffs, training, holdOut, table }: Material,
  seed: string,
  tell: (part: number) => void,
): TaughtOutcome {
  const { outcome, absent } = task;
  const horizon = horizonMs(lesson);
  const labels = labelsOf(training, log.histories, outcome, horizon, absent);
  const heldOut = labelsOf(holdOut, log.histories, outcome, horizon, absent);
  const summary = labelSummary(lesson, [outcome, absent], cutOffs, training, labels);
  const rate = labels.length === 0 ? 0 : positivesOf(labels) / labels.length;
  const taught = { task, labels: summary, rate, taught: labels, heldOut };
  const why = tooFew(summary, heldOut);
  if (why) return { ...taught, why };
  const estimator = findEstimator(lesson.model.estimator);
  if (!estimator) throw new Error(`there is no estimator ${lesson.model.estimator}`);
  const fitted = estimator.fit(table, labels, lesson.model.settings, seed, {
    tell: (done, of) => tell(of === 0 ? 0 : done / of),
  });
  if (!('model' in fitted)) return { ...taught, why: fitted };
  return { ...taught, model: fitted.model, notes: fitted.notes ?? [] };
}

/** Says how many are there and how many it takes. */
function tooFew(
  { outcome, rows, positives, gaps }: LabelSummary,
  heldOut: Uint8Array,
): NothingLearned | undefined {
  const held = positivesOf(heldOut);
  const lacks = (positive: number, all: number, least: number): boolean =>
    positive < least || all - positive < least;
  const missing = lacks(positives, rows, fewest.training)
    ? `to learn from there are ${rows} rows, ${positives} of them with it, and it takes ${fewest.training} with and ${fewest.training} without`
    : lacks(held, heldOut.length, fewest.holdOut)
      ? `to measure on there are ${heldOut.length} rows, ${held} of them with it, and it takes ${fewest.holdOut} with and ${fewest.holdOut} without`
      : undefined;
  if (missing === undefined) return undefined;
  const [worst] = gaps;
  const gap = worst && worst.rows > rows ? ` ${worst.rows} were left out: ${worst.reason}.` : '';
  const reason = `There is too little to learn "${outcome}" from: ${missing}.${gap} Wait for more events, or choose another horizon, more cut-offs or an outcome that happens more often.`;
  return { refused: true, code: 'too_few', reason };
}

/** Whom a lesson speaks about. */
export function populationOf(lesson: Lesson): Population {
  const { activeByOutcome, active, tasks } = lesson;
  const isActivity = (event: Behaviour): boolean => tasks.some(({ outcome }) => counts(outcome, event));
  return {
    ...{ active, seenMs: seenMsOf(lesson) },
    ...(activeByOutcome === true && { isActivity }),
  };
}

/** How far back a model of this lesson sees: as its features do, and as `active` asks; undefined: without an end. */
export function seenMsOf({ model, active }: Lesson): number | undefined {
  const { types, lookbackMs } = needsOfFeatures(model.features);
  if (types.length > 0 && lookbackMs === undefined) return undefined;
  return Math.max(lookbackMs ?? 0, active === undefined ? 0 : (parseDuration(active) ?? 0));
}

/** Features of each row, as of its own cut-off. */
export function cellsOf(
  features: FeatureSet,
  { histories, traits }: Log,
  { recipients, at }: Rows,
): Cell[][] {
  return recipients.map((recipient, row) => {
    const clock = at[row] as number;
    return features.row(histories.get(recipient) ?? [], clock, traitsAt(traits.get(recipient), clock));
  });
}

/** The rows that a model of this lesson is measured on, with the label of each task. */
export function heldOutOf(lesson: Lesson, log: Log, clock: Date): { rows: Rows; labels: Uint8Array[] } {
  const rows = rowsAt(log, populationOf(lesson), [holdOutCutOff(lesson, clock.getTime())]);
  const labels = lesson.tasks.map(({ outcome, absent }) =>
    labelsOf(rows, log.histories, outcome, horizonMs(lesson), absent),
  );
  return { rows, labels };
}

/** What is kept of what was learned. */
export function stateOf({ estimator }: ModelChoice, { features, outcomes }: TaughtOutcomes): TaughtState {
  return {
    version: 1,
    features: features.names,
    outcomes: outcomes.map(({ task, rate, model }) => ({
      key: task.key,
      rate,
      estimator,
      model: model?.toJSON() ?? null,
    })),
  };
}

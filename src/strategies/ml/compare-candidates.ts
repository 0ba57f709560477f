import { recipientRows } from '../../evaluation/recipient-rows.js';
import type { CandidateScore, ComparedCandidates, ComparedOutcome } from '../model-report.js';
import type { Json, LearningLog, Tell } from '../strategy.js';
import { baselinesOf } from './baselines.js';
import { estimators, findEstimator } from './estimators.js';
import { horizonMs, labelsOf, labelSummary } from './labels.js';
import { fewest, type Lesson, type Task, type TrainingRows, trainingRows } from './learn-outcomes.js';
import type { ModelChoice } from './model-choice.js';
import { compareEstimators } from './validation/compare-estimators.js';
import type { Candidate } from './validation/cross-validate.js';
import { dealFolds, type Folds, rowsOfFold } from './validation/folds.js';
import { type LabelledRows, labelledRows } from './validation/labelled-rows.js';
import { advantage, scoreOf, scoringOf } from './validation/scoring.js';

const scoring = scoringOf('AUC');

/**
 * Cross-validates every estimator on the rows that a lesson is learned from, the chosen one with its settings and the others with
 * their defaults, beside what needs no learning; all of one outcome on the same folds. The rows held out have no part in it.
 */
export function compareCandidates(
  lesson: Lesson,
  log: LearningLog,
  clock: Date,
  { seed, folds }: { readonly seed: string; readonly folds: number },
  tell: Tell = () => undefined,
): ComparedCandidates {
  const training = trainingRows(lesson, log, clock, tell);
  const outcomes = lesson.tasks.map((task, i): ComparedOutcome => {
    const share = (part: number): number => 0.2 + (0.8 * (i + part)) / lesson.tasks.length;
    return compareOne(task, { lesson, log, training, seed, folds }, (name, part) =>
      tell(`comparing ${name} for ${task.key}`, share(part)),
    );
  });
  return { outcomes };
}

interface Material {
  readonly lesson: Lesson;
  readonly log: LearningLog;
  readonly training: TrainingRows;
  readonly seed: string;
  readonly folds: number;
}

function compareOne(
  task: Task,
  { lesson, log, training, seed, folds: count }: Material,
  tell: (name: string, part: number) => void,
): ComparedOutcome {
  const { key, outcome, absent } = task;
  const { rows, table, cutOffs } = training;
  const known = labelsOf(rows, log.histories, outcome, horizonMs(lesson), absent);
  const labels = labelSummary(lesson, [outcome, absent], cutOffs, rows, known);
  if (Math.min(labels.positives, labels.rows - labels.positives) < fewest.training) {
    const why = `There is too little to compare by: it takes ${fewest.training} rows with the outcome and ${fewest.training} without. Wait for more events, or choose another horizon, more cut-offs or an outcome that happens more often.`;
    return { key, labels, why };
  }
  const labelled = labelledRows(table, known, recipientRows(rows.recipients));
  const folds = dealFolds(known, labelled.recipients, `${seed} ${key} folds`, { count });
  if ('refused' in folds) return { key, labels, why: folds.reason };
  const candidates = candidatesOf(lesson.model);
  const compared = compareEstimators(candidates, labelled, folds, seed, scoring, (done, of) =>
    tell(candidates[done]?.estimator.name ?? '', done / of),
  );
  const simple = [
    { name: 'base rate', scores: new Float64Array(known.length) },
    ...baselinesOf(task, rows, log.histories),
  ].flatMap(({ name, scores }) => inFolds(name, scores, labelled, folds));
  // Sorting is stable: of equals an estimator comes first.
  const all = [...compared.rows, ...simple].sort((a, b) => advantage(scoring, b.score, a.score));
  return { key, labels, comparison: { ...compared, rows: all } };
}

/** The chosen estimator with its settings, the others with their defaults. */
function candidatesOf({ estimator: chosen, settings }: ModelChoice): Candidate[] {
  return [...estimators.keys()].flatMap((name) => {
    const estimator = findEstimator(name);
    const parsed = estimator?.parse(name === chosen ? settings : {});
    return estimator && parsed?.ok ? [{ estimator, settings: parsed.value as Json }] : [];
  });
}

/** What needs no learning is measured in each fold all the same, to stand beside what does. */
function inFolds(
  name: string,
  scores: Float64Array,
  { labels }: LabelledRows,
  folds: Folds,
): CandidateScore[] {
  const found: number[] = [];
  for (let fold = 0; fold < folds.count; fold++) {
    const { inside } = rowsOfFold(folds, fold);
    const one = scoreOf(
      scoring,
      Uint8Array.from(inside, (row) => labels[row] as number),
      Float64Array.from(inside, (row) => scores[row] as number),
    );
    if (!('value' in one)) return [];
    found.push(one.value);
  }
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [{ name, settings: null, score: mean, spread: Math.sqrt(squares / (found.length - 1)) }];
}

import { parseDuration } from '../../experiments/duration.js';
import type { Profile } from '../../profiles/history.js';
import { joinNeeds } from '../../profiles/join-needs.js';
import { measurePredictions } from '../../evaluation/classification/measure-predictions.js';
import type { Measure } from '../model-report.js';
import type { Json, Learned, LearningLog, LearningNeeds, NothingLearned, Tell } from '../strategy.js';
import { needsOfFeatures } from './feature-groups.js';
import { traitNames } from './features.js';
import { horizonMs } from './labels.js';
import { cellsOf, heldOutOf, learnOutcomes, type Lesson, stateOf } from './learn-outcomes.js';
import { hitMeasure, optionsReport } from './options-report.js';
import { drawsFor, heldOutScores, outcomeReport } from './outcome-report.js';
import { scorerOf } from './scorer.js';
import { highest, referenceOf } from './watching.js';

/** What `learn` reads for a lesson: what its features look at, and its outcomes, as far back as the first cut-off asks. */
export function learnsFromLesson(lesson: Lesson): LearningNeeds {
  const features = needsOfFeatures(lesson.model.features);
  const outcomes = lesson.tasks.map(({ outcome }) => outcome.event);
  const { types } = joinNeeds([features, { types: outcomes }]);
  const active = lesson.active === undefined ? 0 : (parseDuration(lesson.active) ?? 0);
  const isEndless = features.types.length > 0 && features.lookbackMs === undefined;
  const reach = horizonMs(lesson) * (lesson.cutOffs + 1);
  return {
    types,
    ...(!isEndless && { lookbackMs: Math.max(features.lookbackMs ?? 0, active) + reach }),
    traits: traitNames(lesson.model.features),
  };
}

/** A model of each outcome, with the report of one outcome or of several among which is chosen. */
export function teach(
  lesson: Lesson,
  log: LearningLog,
  clock: Date,
  seed: string,
  tell?: Tell,
): Learned | NothingLearned {
  const taught = learnOutcomes(lesson, log, clock, seed, tell);
  if ('refused' in taught) return taught;
  tell?.('measuring', 0.9);
  const [first] = taught.outcomes;
  const report =
    taught.outcomes.length === 1 && first?.model
      ? outcomeReport(lesson, taught, { ...first, model: first.model }, log, clock, seed)
      : optionsReport(lesson, taught, log, clock, seed);
  const scores = new Map(taught.outcomes.map((one) => [one.task.key, heldOutScores(taught, one)]));
  const { heldOutCells, features } = taught;
  const reference = referenceOf(features.names, heldOutCells, highest(scores, heldOutCells.length));
  return { state: stateOf(lesson.model, taught) as unknown as Json, report: { ...report, reference } };
}

/** AUC of one outcome, hit@1 of several, on the rows that `teach` holds out; by a model of this lesson or of an earlier one. */
export function measureState(
  lesson: Lesson,
  state: Json,
  log: LearningLog,
  clock: Date,
  seed: string,
): Measure {
  const { rows, labels } = heldOutOf(lesson, log, clock);
  const scorer = scorerOf(state);
  const scores = scorer.scoreRows(cellsOf(scorer.features, log, rows));
  const known = lesson.tasks.map(({ key }) => scores.get(key) ?? new Float64Array(rows.recipients.length));
  const [label, score] = [labels[0], known[0]];
  if (labels.length !== 1 || !label || !score) return hitMeasure({ scores: known, taken: labels }, seed);
  const measured = measurePredictions(label, score, { seed, draws: drawsFor(label.length, 1) });
  if ('refused' in measured) return { name: 'AUC', definition: 'On what was held out.', ...measured };
  const [auc] = measured.figures;
  if (!auc) throw new Error('predictions were measured without an AUC');
  return auc;
}

/** What a model saw of somebody, for a trace. */
export function seenBy(scorer: ReturnType<typeof scorerOf>, { history, traits }: Profile, clock: Date): Json {
  const row = scorer.features.row(history, clock.getTime(), traits);
  const known = row.map((cell) =>
    cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell)) ? null : cell,
  );
  return Object.fromEntries(scorer.features.names.map((name, i) => [name, known[i] ?? null]));
}

/** For readers: a probability to three digits. */
export const shownProbability = (p: number): number => Math.round(p * 1_000) / 1_000;

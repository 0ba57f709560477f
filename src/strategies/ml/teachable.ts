import type { Profile } from '../../profiles/history.js';
import { joinNeeds } from '../../profiles/join-needs.js';
import { measurePredictions } from '../../evaluation/classification/measure-predictions.js';
import type { Measure } from '../model-report.js';
import type { Json, Learned, LearningLog, LearningNeeds, NothingLearned, Scores, Tell } from '../strategy.js';
import { needsOfFeatures } from './feature-groups.js';
import { traitNames } from './features.js';
import { horizonMs, whyNotAmong } from './labels.js';
import {
  cellsOf,
  heldOutOf,
  learnOutcomes,
  type Lesson,
  populationOf,
  seenMsOf,
  stateOf,
} from './learn-outcomes.js';
import { hitMeasure, optionsReport } from './options-report.js';
import { drawsFor, outcomeReport } from './outcome-report.js';
import { scorerOf } from './scorer.js';
import { referenceOf } from './watching.js';

/** What `learn` reads for a lesson: what its features look at, and its outcomes, as far back as the first cut-off asks. */
export function learnsFromLesson(lesson: Lesson): LearningNeeds {
  const { lookbackMs, ...needs } = needsOfLesson(lesson);
  if (lookbackMs === undefined) return needs;
  return { ...needs, lookbackMs: lookbackMs + horizonMs(lesson) * (lesson.cutOffs + 1) };
}

/** What tells whether a lesson speaks about somebody, and what its model sees of them. */
function needsOfLesson(lesson: Lesson): LearningNeeds {
  const features = needsOfFeatures(lesson.model.features);
  const outcomes = lesson.tasks.map(({ outcome }) => outcome.event);
  const { types } = joinNeeds([features, { types: outcomes }]);
  const lookbackMs = seenMsOf(lesson);
  return {
    types,
    ...(lookbackMs !== undefined && { lookbackMs }),
    traits: traitNames(lesson.model.features),
  };
}

/**
 * For scoring recipients beside deciding for them: of whoever the lesson speaks about.
 *
 * @param state of this lesson, or of an earlier one.
 * @throws Error as `scorerOf`.
 */
export function scoresOf(lesson: Lesson, state: Json): Scores {
  const scorer = scorerOf(state);
  const { keys, features } = scorer;
  const own = needsOfLesson(lesson);
  const traits = [...new Set([...(own.traits ?? []), ...features.traits])].sort();
  const whyNot = whyNotAmong(populationOf(lesson), 'clock');
  return {
    keys,
    needs: { ...joinNeeds([own, features.needs]), traits },
    whyNot: ({ history, traits: known }, clock) =>
      whyNot(history, Object.keys(known).length > 0, clock.getTime()),
    of: (profiles, clock) =>
      scorer.scoreRows(
        profiles.map(({ history, traits: known }) => features.row(history, clock.getTime(), known)),
      ),
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
  const state = stateOf(lesson.model, taught) as unknown as Json;
  const fitted = taught.outcomes.flatMap(({ task, notes: own = [] }) =>
    own.map((note) => (taught.outcomes.length === 1 ? note : `${task.key}: ${note}`)),
  );
  const notes = [...report.notes, ...fitted];
  return { state, report: { ...report, notes, ...referenceOf(lesson, state, log, clock) } };
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

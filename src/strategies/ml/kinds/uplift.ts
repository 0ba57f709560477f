import { z } from 'zod';
import type { SlotValues } from '../../../experiments/experiment.js';
import { readWith } from '../../../experiments/read-with.js';
import { slotsSchema } from '../../../experiments/slots.js';
import { text } from '../../../experiments/text.js';
import { type Custody, custodyFields, declaresField } from '../../custody.js';
import type { Decider, Json, Learned, LearningLog, NothingLearned, Parts, Profile } from '../../strategy.js';
import { contentsOf, resolveSlots, type StrategyKind, type Tell } from '../../strategy.js';
import { needsOfFeatures } from '../feature-groups.js';
import { featureSet, findColumn, traitNames } from '../features.js';
import { rowsAt } from '../labels.js';
import { cellsOf } from '../learn-outcomes.js';
import type { ComparedCandidates } from '../../model-report.js';
import type { ModelChoice } from '../model-choice.js';
import { tableFor } from '../table.js';
import { upliftModelSchema } from '../uplift/uplift-choice.js';
import { baseEstimators } from '../uplift/base-estimators.js';
import type { LearnerName, UpliftModel } from '../uplift/learner.js';
import { learnerNames, upliftLearners } from '../uplift/learners.js';
import { cellsOfRows, trialLesson } from '../uplift/trial-lesson.js';
import { armCounts } from '../uplift/arm-tables.js';
import { compareUplift } from '../uplift/compare-uplift.js';
import { qiniOf, upliftReport, upliftTop } from '../uplift/uplift-report.js';
import { upliftVerdict } from '../uplift/uplift-verdict.js';
import { countedLike, distributionsOf, nobodySeen, type Seen } from '../watching.js';
import { slotNamesOf, unlikeSlots } from './same-slots.js';

/** `{"kind": "uplift", "experiment": "spring", "metric": "ordered", "treated": "mail", "control": "none", "top": 0.3, "slots": {…}, "otherwise": {…}}` */
export interface UpliftDefinition extends Custody {
  readonly kind: 'uplift';
  /** Key of the experiment that it learns from: two of its arms, and a metric. */
  readonly experiment: string;
  readonly metric: string;
  readonly treated: string;
  readonly control: string;
  readonly learner: LearnerName;
  readonly model: ModelChoice;
  /** Share of the recipients with the highest scores who get `slots`; or a score from which on. */
  readonly top?: number | undefined;
  readonly above?: number | undefined;
  readonly slots: SlotValues;
  readonly otherwise: SlotValues;
}

const schema: z.ZodType<UpliftDefinition> = z
  .strictObject(
    {
      kind: z.literal('uplift', 'must be "uplift"'),
      experiment: text(200).min(1, 'must name an experiment'),
      metric: text(200).min(1, 'must name a metric of the experiment'),
      treated: text(200).min(1, 'must name an arm of the experiment'),
      control: text(200).min(1, 'must name an arm of the experiment'),
      learner: z
        .enum(learnerNames as [LearnerName, ...LearnerName[]], `must be one of ${learnerNames.join(', ')}`)
        .default('doubly-robust'),
      model: upliftModelSchema,
      top: z.number('must be a share above 0 and below 1').gt(0).lt(1).optional(),
      above: z.number('must be a score, in outcomes a recipient').min(-1).max(1).optional(),
      slots: slotsSchema.describe('For those who gain.'),
      otherwise: slotsSchema.describe('For all others.'),
      ...custodyFields,
      ...declaresField,
    },
    'must be an object with kind, experiment, metric, treated, control, slots and otherwise',
  )
  .superRefine(({ top, above, treated, control, slots, otherwise }, context) => {
    const say = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((top === undefined) === (above === undefined))
      say('top', 'give either top, a share, or above, a score');
    if (treated === control) say('control', 'must be another arm than treated');
    for (const { index, message } of unlikeSlots([slots, otherwise]))
      say(index === 0 ? 'slots' : 'otherwise', message);
  });

/** Learns from an experiment who gains by a treatment, and gives it to them. */
export const upliftKind: StrategyKind<UpliftDefinition> = {
  kind: 'uplift',
  summary: 'Learns from an experiment whom a treatment changes, and delivers it to those who gain most.',
  parse: (definition) => readWith(schema, definition),
  learn,
  compare,
  learnsFrom: (definition) => ({
    types: needsOfFeatures(definition.model.features).types,
    traits: traitNames(definition.model.features),
    trials: [{ experiment: definition.experiment, metric: definition.metric }],
  }),
  measure(definition, state, log, clock, seed) {
    const lesson = trialLesson({ ...definition, features: definition.model.features }, log, clock, seed);
    if ('refused' in lesson) return { name: 'Qini', definition: 'On what was held out.', ...lesson };
    const { model } = readState(state);
    const cells = cellsOfRows(featureSet(model.columns.map(({ name }) => name)), log, lesson.heldOutRows);
    return qiniOf(model.predict(tableFor(model.columns, cells)), lesson.holdOut, seed);
  },
  watch: (_, state, reference, log, clock) => {
    const seen = everybodyAt(readState(state).model, log, clock);
    return seen.cells.length === 0 ? nobodySeen : { now: countedLike(reference, seen) };
  },
  needs: ({ model }) => needsOfFeatures(model.features),
  readsTraits: ({ model }) => traitNames(model.features),
  readsFeatures: ({ model }) => model.features,
  references: ({ slots, otherwise }) => ({
    contents: [...new Set([slots, otherwise].flatMap(contentsOf))],
    ...{ segments: [], items: [], catalogue: false },
  }),
  mayDecline: () => false,
  slotNames: ({ slots, otherwise }) => slotNamesOf([slots, otherwise]),
  prepare,
};

function learn(
  definition: UpliftDefinition,
  log: LearningLog,
  clock: Date,
  seed: string,
  tell?: Tell,
): Learned | NothingLearned {
  tell?.('features', 0);
  const lesson = trialLesson({ ...definition, features: definition.model.features }, log, clock, seed);
  if ('refused' in lesson) return lesson;
  tell?.('learning', 0.3);
  const { estimator: name, settings } = definition.model;
  const estimator = baseEstimators.get(name);
  if (!estimator) throw new Error(`there is no estimator ${name}`);
  const fitted = upliftLearners[definition.learner].fit(lesson.training, { estimator, settings }, seed);
  if ('refused' in fitted) return { ...fitted };
  tell?.('measuring', 0.8);
  const { model } = fitted;
  const scores = model.predict(lesson.training.table).sort().reverse();
  const threshold =
    definition.above ?? scores[Math.max(0, Math.ceil((definition.top ?? 1) * scores.length) - 1)] ?? 0;
  const report = upliftReport(
    definition.learner,
    model,
    { ...lesson, holdOut: heldOutFor(model, lesson, log) },
    clock,
    seed,
  );
  const state = {
    version: 1,
    learner: definition.learner,
    estimator: name,
    threshold,
    model: model.toJSON(),
  };
  return { state, report: { ...report, reference: distributionsOf(everybodyAt(model, log, clock)) } };
}

/** On the recipients that `learn` learns from; those held out have no part in it. */
function compare(
  { model, ...question }: UpliftDefinition,
  log: LearningLog,
  clock: Date,
  how: { readonly seed: string; readonly folds: number },
  tell?: Tell,
): ComparedCandidates | NothingLearned {
  tell?.('features', 0);
  const lesson = trialLesson({ ...question, features: model.features }, log, clock, how.seed);
  if ('refused' in lesson) return lesson;
  const compared = compareUplift(lesson.training, model, how, tell);
  if ('refused' in compared) return compared;
  const { experiment, metric, treated, control } = question;
  const uplift = {
    ...{ experiment, metric, arms: armCounts(lesson.training, { treated, control }) },
    ...{ heldOut: lesson.heldOutRows.length, open: lesson.open, top: upliftTop },
    ...{ ...compared, verdict: upliftVerdict(compared) },
  };
  return { outcomes: [], uplift };
}

/**
 * Everybody known at the clock, as the model sees them. Not those of the trial: whom it will be used on are all, and they
 * are drawn by the same rule later.
 */
function everybodyAt(model: UpliftModel, log: LearningLog, clock: Date): Seen {
  const features = featureSet(model.columns.map(({ name }) => name));
  const cells = cellsOf(features, log, rowsAt(log, {}, [clock.getTime()]));
  return { names: features.names, cells, scores: model.predict(tableFor(model.columns, cells)) };
}

/** What was held out, in the columns that the model knows. */
function heldOutFor(
  model: UpliftModel,
  lesson: Exclude<ReturnType<typeof trialLesson>, NothingLearned>,
  log: LearningLog,
) {
  const table = tableFor(model.columns, cellsOfRows(lesson.features, log, lesson.heldOutRows));
  return { ...lesson.holdOut, table };
}

const stateSchema = z.object({
  version: z.literal(1),
  learner: z.enum(learnerNames as [LearnerName, ...LearnerName[]]),
  estimator: z.string(),
  threshold: z.number(),
  model: z.json(),
});

/** @throws Error with a sentence for what `learn` did not give. */
function readState(state: Json): { readonly model: UpliftModel; readonly threshold: number } {
  const read = stateSchema.safeParse(state);
  const estimator = read.success ? baseEstimators.get(read.data.estimator) : undefined;
  if (!read.success || !estimator) {
    throw new Error(
      'What was learned cannot be used: it is truncated, of another version, or of another kind of strategy. Learn again.',
    );
  }
  const model = upliftLearners[read.data.learner].fromJSON(read.data.model, estimator);
  const odd = model.columns.find(({ name }) => !findColumn(name));
  if (odd) throw new Error(`The model looks at ${odd.name}, which is no feature here. Learn again.`);
  return { model, threshold: read.data.threshold };
}

function prepare(definition: UpliftDefinition, { learned, contents }: Parts): Decider {
  const { model, threshold } = readState(learned);
  const features = featureSet(model.columns.map(({ name }) => name));
  const [gains, others] = [definition.slots, definition.otherwise].map((slots) =>
    resolveSlots(slots, contents),
  );
  const scoreOf = ({ history, traits }: Profile, clock: Date): number =>
    model.predict(tableFor(model.columns, [features.row(history, clock.getTime(), traits)]))[0] as number;
  const shown = (score: number): number => Math.round(score * 1e4) / 1e4;
  return {
    decide(profile, _, clock) {
      const score = scoreOf(profile, clock);
      const gaining = score >= threshold;
      const reason = `gain ${shown(score)}, ${gaining ? 'at least' : 'below'} ${shown(threshold)}`;
      return { slots: (gaining ? gains : others) ?? {}, reason, probability: 1 };
    },
    gist: (profile, _, clock) => ({ gain: shown(scoreOf(profile, clock)) }),
    trace(profile, _, clock) {
      const row = features.row(profile.history, clock.getTime(), profile.traits);
      const known = row.map((cell) =>
        cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell)) ? null : cell,
      );
      return {
        ...{ gain: scoreOf(profile, clock), threshold, learner: definition.learner },
        features: Object.fromEntries(features.names.map((name, i) => [name, known[i] ?? null])),
      };
    },
  };
}

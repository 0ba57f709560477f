import { z } from 'zod';
import { readWith } from '../../../experiments/read-with.js';
import { type Custody, custodyFields, declaresField } from '../../custody.js';
import { contentsOf, type StrategyKind } from '../../strategy.js';
import { compareCandidates } from '../compare-candidates.js';
import { needsOfFeatures } from '../feature-groups.js';
import { traitNames } from '../features.js';
import { type Horizon, horizonFields } from '../labels.js';
import type { Lesson } from '../learn-outcomes.js';
import { type ModelChoice, modelSchema } from '../model-choice.js';
import { type Outcome, outcomeSchema } from '../outcome.js';
import { learnsFromLesson, measureState, scoresOf, teach } from '../teachable.js';
import { watchState } from '../watching.js';
import { hasFloor, type Level, levelsSchema, prepareLevels } from './levels.js';
import { slotNamesOf } from './same-slots.js';

/** `{"kind": "propensity", "outcome": {"event": "purchase"}, "horizon": "30d", "levels": [{"atLeast": 0.3, "slots": {…}}, …]}` */
export interface PropensityDefinition extends Horizon, Custody {
  readonly kind: 'propensity';
  readonly outcome: Outcome;
  readonly model: ModelChoice;
  /** The highest bound first. */
  readonly levels: readonly Level[];
}

const schema: z.ZodType<PropensityDefinition> = z.strictObject(
  {
    kind: z.literal('propensity', 'must be "propensity"'),
    outcome: outcomeSchema,
    ...horizonFields,
    model: modelSchema,
    levels: levelsSchema,
    ...custodyFields,
    ...declaresField,
  },
  'must be an object with kind, outcome, horizon and levels',
);

const lessonOf = ({ outcome, ...definition }: PropensityDefinition): Lesson => ({
  ...definition,
  tasks: [{ key: 'outcome', outcome, absent: false }],
});

/** How likely somebody is to do something, and content by that. */
export const propensityKind: StrategyKind<PropensityDefinition> = {
  kind: 'propensity',
  summary:
    'Predicts how likely a recipient is to do something within a horizon, and delivers content by that.',
  parse: (definition) => readWith(schema, definition),
  learn: (definition, log, clock, seed, tell) => teach(lessonOf(definition), log, clock, seed, tell),
  learnsFrom: (definition) => learnsFromLesson(lessonOf(definition)),
  compare: (definition, ...how) => compareCandidates(lessonOf(definition), ...how),
  scores: (definition, state) => scoresOf(lessonOf(definition), state),
  measure: (definition, state, log, clock, seed) =>
    measureState(lessonOf(definition), state, log, clock, seed),
  watch: (definition, state, reference, log, clock) =>
    watchState(lessonOf(definition), state, reference, log, clock),
  needs: ({ model }) => needsOfFeatures(model.features),
  readsTraits: ({ model }) => traitNames(model.features),
  readsFeatures: ({ model }) => model.features,
  references: ({ levels }) => ({
    contents: [...new Set(levels.flatMap(({ slots }) => contentsOf(slots)))],
    segments: [],
    items: [],
    catalogue: false,
  }),
  mayDecline: ({ levels }) => !hasFloor(levels),
  slotNames: ({ levels }) => slotNamesOf(levels.map(({ slots }) => slots)),
  prepare: (definition, parts) => prepareLevels(definition, parts, 'probability'),
};

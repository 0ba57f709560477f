import { z } from 'zod';
import { readWith } from '../../../experiments/read-with.js';
import { type Custody, custodyFields, declaresField } from '../../custody.js';
import { contentsOf, type StrategyKind } from '../../strategy.js';
import { compareCandidates } from '../compare-candidates.js';
import { needsOfFeatures } from '../feature-groups.js';
import { traitNames } from '../features.js';
import { durationSchema, type Horizon, horizonFields } from '../labels.js';
import type { Lesson } from '../learn-outcomes.js';
import { type ModelChoice, modelSchema } from '../model-choice.js';
import { type Outcome, outcomeSchema } from '../outcome.js';
import { learnsFromLesson, measureState, scoresOf, teach } from '../teachable.js';
import { watchState } from '../watching.js';
import { hasFloor, type Level, levelsSchema, prepareLevels } from './levels.js';
import { slotNamesOf } from './same-slots.js';

/** `{"kind": "churn", "horizon": "60d", "active": "90d", "levels": [{"atLeast": 0.7, "slots": {…}}, {"atLeast": 0, "slots": {…}}]}` */
export interface ChurnDefinition extends Horizon, Custody {
  readonly kind: 'churn';
  /** What whoever stays does. */
  readonly outcome: Outcome;
  readonly active: string;
  readonly model: ModelChoice;
  /** The highest risk first. */
  readonly levels: readonly Level[];
}

const schema: z.ZodType<ChurnDefinition> = z.strictObject(
  {
    kind: z.literal('churn', 'must be "churn"'),
    outcome: outcomeSchema.default({ event: 'purchase', count: 1 }).describe('What whoever stays does.'),
    ...horizonFields,
    active: durationSchema
      .default('90d')
      .describe('Only who did it so shortly before the cut-off can be lost: learn from these.'),
    model: modelSchema,
    levels: levelsSchema,
    ...custodyFields,
    ...declaresField,
  },
  'must be an object with kind, horizon and levels',
);

const lessonOf = ({ outcome, ...definition }: ChurnDefinition): Lesson => ({
  ...definition,
  tasks: [{ key: 'churn', outcome, absent: true }],
  activeByOutcome: true,
});

/** How likely somebody who was active is to stay away, and content that wins back by that. */
export const churnKind: StrategyKind<ChurnDefinition> = {
  kind: 'churn',
  summary:
    'Predicts how likely an active customer is to stay away for a horizon, and delivers content by that risk.',
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
  prepare: (definition, parts) => prepareLevels(definition, parts, 'risk of churn'),
};

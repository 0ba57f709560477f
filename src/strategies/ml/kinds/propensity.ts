import { z } from 'zod';
import { readWith } from '../../../experiments/read-with.js';
import { type Custody, custodyFields, declaresField } from '../../custody.js';
import type { StrategyKind } from '../../strategy.js';
import { type Horizon, horizonFields } from '../labels.js';
import type { Lesson } from '../learn-outcomes.js';
import { type ModelChoice, modelSchema } from '../model-choice.js';
import { type Outcome, outcomeSchema } from '../outcome.js';
import { byLevels, type Level, levelsSchema } from './levels.js';
import { taughtBy } from './taught-by.js';

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
  ...taughtBy(lessonOf),
  ...byLevels('probability'),
};

import { z } from 'zod';
import type { SlotValues } from '../../../experiments/experiment.js';
import { readWith } from '../../../experiments/read-with.js';
import { slotsSchema } from '../../../experiments/slots.js';
import { type Custody, custodyFields, declaresField } from '../../custody.js';
import type { Choice, Decider, Json, Learned, NothingLearned, Parts, Profile } from '../../strategy.js';
import { contentsOf, resolveSlots, type StrategyKind } from '../../strategy.js';
import { compareCandidates } from '../compare-candidates.js';
import { needsOfFeatures } from '../feature-groups.js';
import { traitNames } from '../features.js';
import { type Horizon, horizonFields } from '../labels.js';
import type { Lesson } from '../learn-outcomes.js';
import { type ModelChoice, modelSchema } from '../model-choice.js';
import { type Outcome, outcomeSchema } from '../outcome.js';
import { scorerOf } from '../scorer.js';
import { learnsFromLesson, measureState, scoresOf, seenBy, shownProbability, teach } from '../teachable.js';
import { watchState } from '../watching.js';
import { keySchema, mostChoices, refuseTwins } from './keyed.js';
import { slotNamesOf, unlikeSlots } from './same-slots.js';

/** Something that can be sent, what it may bring and what it costs, in one unit for all. */
export interface Action {
  readonly key: string;
  readonly outcome: Outcome;
  readonly value: number;
  readonly cost: number;
  readonly slots: SlotValues;
}

/** `{"kind": "next_best_action", "horizon": "30d", "atLeast": 0.5, "actions": [{"key": "offer", "outcome": {…}, "value": 20, "cost": 0.1, "slots": {…}}]}` */
export interface NextBestActionDefinition extends Horizon, Custody {
  readonly kind: 'next_best_action';
  readonly model: ModelChoice;
  /** Whoever's best action is worth less is sent nothing. */
  readonly atLeast: number;
  readonly actions: readonly Action[];
}

const amount = (least: number) =>
  z.number('must be a number').min(least, `must be at least ${least}`).max(1e9, 'must be at most 1000000000');

const actionSchema = z.strictObject(
  {
    key: keySchema.refine((key) => key !== 'nothing', 'stands for sending nothing: rename the action'),
    outcome: outcomeSchema,
    value: amount(0).describe('What the outcome is worth.'),
    cost: amount(0)
      .default(0)
      .describe('What the action costs, whatever comes of it: the mail, a voucher, patience.'),
    slots: slotsSchema,
  },
  'must be an action with key, outcome, value and slots',
);

const schema = z.strictObject(
  {
    kind: z.literal('next_best_action', 'must be "next_best_action"'),
    ...horizonFields,
    model: modelSchema,
    atLeast: amount(0)
      .default(0)
      .describe('Whoever’s best action is worth less, its cost taken off, is sent nothing.'),
    actions: z
      .array(actionSchema, 'must be a list of actions')
      .min(1, 'must hold at least one action')
      .max(mostChoices, `must hold at most ${mostChoices} actions`)
      .superRefine((actions, context) => {
        refuseTwins(
          actions.map(({ key }) => key),
          context,
        );
        for (const { index, message } of unlikeSlots(actions.map(({ slots }) => slots)))
          context.addIssue({ code: 'custom', path: [index, 'slots'], message });
      }),
    ...custodyFields,
    ...declaresField,
  },
  'must be an object with kind, horizon and actions',
);

const lessonOf = ({ actions, ...definition }: NextBestActionDefinition): Lesson => ({
  ...definition,
  tasks: actions.map(({ key, outcome }) => ({ key, outcome, absent: false })),
});

/** What a reader must know: a probability is not an effect. */
const caution =
  'The probabilities are of what recipients like that did, with or without such a mail: some would do it anyway. What a mail adds is a question for an experiment, or for a strategy of uplift.';

/** The action with the highest expected value less cost, or nothing at all. */
export const nextBestActionKind: StrategyKind<NextBestActionDefinition> = {
  kind: 'next_best_action',
  summary:
    'Takes the action with the highest expected value less cost, and sends nothing where none is worth it.',
  parse: (definition) => readWith(schema, definition),
  learn(definition, log, clock, seed, tell): Learned | NothingLearned {
    const learned = teach(lessonOf(definition), log, clock, seed, tell);
    if ('refused' in learned) return learned;
    return { ...learned, report: { ...learned.report, notes: [...learned.report.notes, caution] } };
  },
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
  references: ({ actions }) => ({
    contents: [...new Set(actions.flatMap(({ slots }) => contentsOf(slots)))],
    segments: [],
    items: [],
    catalogue: false,
  }),
  mayDecline: () => false,
  mayWithhold: () => true,
  slotNames: ({ actions }) => slotNamesOf(actions.map(({ slots }) => slots)),
  prepare,
};

function prepare({ actions, atLeast }: NextBestActionDefinition, parts: Parts): Decider {
  const scorer = scorerOf(parts.learned);
  const ready = actions.map((action) => ({ ...action, slots: resolveSlots(action.slots, parts.contents) }));
  const rank = (profile: Profile, clock: Date) => {
    const scores = scorer.scoreOne(profile, clock.getTime());
    return ready
      .map(({ key, value, cost, slots }) => {
        const p = scores.get(key) ?? 0;
        return { key, p, net: p * value - cost, slots };
      })
      .sort((a, b) => b.net - a.net || (a.key < b.key ? -1 : 1));
  };
  const shown = ({ key, p, net }: ReturnType<typeof rank>[number]) => ({
    ...{ key, p: shownProbability(p), net: shownProbability(net) },
  });
  return {
    decide(profile, _, clock): Choice {
      const [best] = rank(profile, clock);
      if (!best) throw new Error('there is no action');
      const worth = `${best.key} is worth ${shownProbability(best.net)}`;
      if (best.net >= atLeast) return { slots: best.slots, reason: worth, probability: 1 };
      return { slots: {}, withheld: true, reason: `nothing: ${worth}, less than ${atLeast}`, probability: 1 };
    },
    gist(profile, _, clock): Json {
      const [best, second] = rank(profile, clock);
      if (!best) return null;
      const isSent = best.net >= atLeast;
      return {
        action: isSent ? best.key : 'nothing',
        best: shown(best),
        runnerUp: second ? shown(second) : null,
      };
    },
    trace: (profile, _, clock): Json => ({
      atLeast,
      actions: rank(profile, clock).map(shown),
      features: seenBy(scorer, profile, clock),
    }),
  };
}

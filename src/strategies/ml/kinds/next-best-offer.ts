import { z } from 'zod';
import type { SlotValues } from '../../../experiments/experiment.js';
import { readWith } from '../../../experiments/read-with.js';
import { slotsSchema } from '../../../experiments/slots.js';
import { compileCondition, Segments } from '../../../profiles/conditions/compile-condition.js';
import type { Condition } from '../../../profiles/conditions/condition.js';
import { conditionSchema } from '../../../profiles/conditions/parse-condition.js';
import {
  eventsOfConditions,
  featuresOfConditions,
  needsOfCondition,
  traitsOfConditions,
} from '../../../profiles/conditions/prepare-condition.js';
import { Subject } from '../../../profiles/conditions/subject.js';
import { joinNeeds } from '../../../profiles/join-needs.js';
import { conditionsOf, segmentsNamed } from '../../../profiles/segments/segment.js';
import { type Custody, custodyFields, declaresField } from '../../custody.js';
import type { Choice, Decider, Json, NoChoice, Parts, Profile, StrategyKind } from '../../strategy.js';
import { contentsOf, resolveSlots } from '../../strategy.js';
import { needsOfFeatures } from '../feature-groups.js';
import { traitNames } from '../features.js';
import { type Horizon, horizonFields } from '../labels.js';
import type { Lesson } from '../learn-outcomes.js';
import { type ModelChoice, modelSchema } from '../model-choice.js';
import { type Outcome, outcomeSchema } from '../outcome.js';
import { scorerOf } from '../scorer.js';
import { seenBy, shownProbability } from '../teachable.js';
import { keySchema, mostChoices, refuseTwins } from './keyed.js';
import { slotNamesOf, unlikeSlots } from './same-slots.js';
import { taughtBy } from './taught-by.js';

export interface Offer {
  readonly key: string;
  readonly outcome: Outcome;
  /** What its outcome is worth, all in one unit. */
  readonly value: number;
  /** Who may be made the offer; everybody, unless said. */
  readonly when?: Condition | undefined;
  readonly slots: SlotValues;
}

/** `{"kind": "next_best_offer", "horizon": "30d", "offers": [{"key": "shoes", "outcome": {…}, "slots": {…}}, …]}` */
export interface NextBestOfferDefinition extends Horizon, Custody {
  readonly kind: 'next_best_offer';
  readonly model: ModelChoice;
  readonly offers: readonly Offer[];
}

const offerSchema = z.strictObject(
  {
    key: keySchema,
    outcome: outcomeSchema.describe('What speaks for the offer: what recipients like that do of their own.'),
    value: z
      .number('must be a number')
      .gt(0, 'must be above 0')
      .max(1e9)
      .default(1)
      .describe('What the outcome is worth, in one unit for all offers.'),
    when: conditionSchema.optional(),
    slots: slotsSchema,
  },
  'must be an offer with key, outcome and slots',
);

const schema = z.strictObject(
  {
    kind: z.literal('next_best_offer', 'must be "next_best_offer"'),
    ...horizonFields,
    model: modelSchema,
    offers: z
      .array(offerSchema, 'must be a list of offers')
      .min(2, 'must hold at least two offers; for one use kind "propensity"')
      .max(mostChoices, `must hold at most ${mostChoices} offers`)
      .superRefine((offers, context) => {
        refuseTwins(
          offers.map(({ key }) => key),
          context,
        );
        for (const { index, message } of unlikeSlots(offers.map(({ slots }) => slots)))
          context.addIssue({ code: 'custom', path: [index, 'slots'], message });
      }),
    ...custodyFields,
    ...declaresField,
  },
  'must be an object with kind, horizon and offers',
);

const lessonOf = ({ offers, ...definition }: NextBestOfferDefinition): Lesson => ({
  ...definition,
  tasks: offers.map(({ key, outcome }) => ({ key, outcome, absent: false })),
});

const conditionsIn = (offers: readonly Offer[]): Condition[] => offers.flatMap(({ when }) => when ?? []);

/** The offer with the highest probability times value among those that a recipient may be made. */
export const nextBestOfferKind: StrategyKind<NextBestOfferDefinition> = {
  kind: 'next_best_offer',
  summary: 'Predicts the outcome of every offer that a recipient may be made, and makes the best one.',
  parse: (definition) => readWith(schema, definition),
  ...taughtBy(lessonOf),
  needs: ({ model, offers }, segments) => {
    const conditions = conditionsOf(segments);
    const named = conditionsIn(offers).map((when) => needsOfCondition(when, conditions));
    return joinNeeds([needsOfFeatures(model.features), ...named]);
  },
  readsTraits: ({ model, offers }, segments) => {
    const asked = traitsOfConditions(conditionsIn(offers), conditionsOf(segments));
    return [...new Set([...asked, ...traitNames(model.features)])].sort();
  },
  readsFeatures: ({ model, offers }, segments) => {
    const asked = featuresOfConditions(conditionsIn(offers), conditionsOf(segments));
    return [...new Set([...asked, ...model.features])];
  },
  readsEvents: ({ offers }, segments) => eventsOfConditions(conditionsIn(offers), conditionsOf(segments)),
  references: ({ offers }) => ({
    contents: [...new Set(offers.flatMap(({ slots }) => contentsOf(slots)))],
    segments: segmentsNamed(...conditionsIn(offers)),
    items: [],
    catalogue: false,
  }),
  mayDecline: ({ offers }) => offers.every(({ when }) => when !== undefined),
  slotNames: ({ offers }) => slotNamesOf(offers.map(({ slots }) => slots)),
  prepare,
};

interface Ranked {
  readonly key: string;
  readonly p: number;
  /** Probability times value. */
  readonly worth: number;
  readonly choice: Choice['slots'];
}

function prepare({ offers }: NextBestOfferDefinition, parts: Parts): Decider {
  const scorer = scorerOf(parts.learned);
  const segments = new Segments(conditionsOf(parts.segments));
  const ready = offers.map(({ key, value, when, slots }) => ({
    key,
    value,
    mayBeMade: when && compileCondition(when, segments),
    slots: resolveSlots(slots, parts.contents),
  }));
  const rank = (profile: Profile, clock: Date): Ranked[] => {
    const scores = scorer.scoreOne(profile, clock.getTime());
    const subject = new Subject(profile, clock.getTime());
    return ready
      .filter(({ mayBeMade }) => mayBeMade?.(subject) ?? true)
      .map(({ key, value, slots }) => {
        const p = scores.get(key) ?? 0;
        return { key, p, worth: p * value, choice: slots };
      })
      .sort((a, b) => b.worth - a.worth || (a.key < b.key ? -1 : 1));
  };
  return {
    decide: (profile, _, clock) => choiceOf(rank(profile, clock)),
    gist(profile, _, clock): Json {
      const [best, second] = rank(profile, clock).map(shown);
      return { offer: best ?? null, runnerUp: second ?? null };
    },
    trace: (profile, _, clock): Json => ({
      offers: rank(profile, clock).map(shown),
      features: seenBy(scorer, profile, clock),
    }),
  };
}

function choiceOf([best, second]: readonly Ranked[]): Choice | NoChoice {
  if (!best) return { noChoice: 'none of the offers may be made' };
  const after = second ? `, before ${second.key} ${shownProbability(second.p)}` : '';
  const reason = `offer ${best.key} ${shownProbability(best.p)}${after}`;
  return { slots: best.choice, reason, probability: 1 };
}

const shown = ({ key, p, worth }: Ranked) => ({
  key,
  p: shownProbability(p),
  worth: shownProbability(worth),
});

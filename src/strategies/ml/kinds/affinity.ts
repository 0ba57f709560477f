import { z } from 'zod';
import { eventTypes, type SlotValues } from '../../../experiments/experiment.js';
import { readWith } from '../../../experiments/read-with.js';
import { slotsSchema } from '../../../experiments/slots.js';
import { text } from '../../../experiments/text.js';
import { idsOf } from '../../candidates.js';
import { type Custody, custodyFields, declaresField } from '../../custody.js';
import type {
  Candidates,
  Choice,
  Decider,
  Json,
  NoChoice,
  Parts,
  Profile,
  ScoredItem,
} from '../../strategy.js';
import { contentsOf, resolveSlots, type StrategyKind } from '../../strategy.js';
import { compareCandidates } from '../compare-candidates.js';
import { needsOfFeatures } from '../feature-groups.js';
import { traitNames } from '../features.js';
import { type Horizon, horizonFields } from '../labels.js';
import type { Lesson } from '../learn-outcomes.js';
import { type ModelChoice, modelSchema } from '../model-choice.js';
import { scorerOf } from '../scorer.js';
import { learnsFromLesson, measureState, scoresOf, seenBy, shownProbability, teach } from '../teachable.js';
import { watchState } from '../watching.js';
import { mostChoices } from './keyed.js';
import { slotNamesOf, unlikeSlots } from './same-slots.js';

/** `{"kind": "affinity", "horizon": "30d", "categories": {"shoes": {…}, "books": {…}}, "items": 3}` */
export interface AffinityDefinition extends Horizon, Custody {
  readonly kind: 'affinity';
  /** What shows that somebody likes a category. */
  readonly event: string;
  readonly model: ModelChoice;
  /** Content by the category that somebody likes best. */
  readonly categories: Readonly<Record<string, SlotValues>>;
  /** So many items of that category beside it, those first that most did it with. */
  readonly items: number;
}

const schema = z.strictObject(
  {
    kind: z.literal('affinity', 'must be "affinity"'),
    event: z.enum(eventTypes.filter((type) => type !== 'void')).default('purchase'),
    ...horizonFields,
    model: modelSchema,
    categories: z
      .record(text(256).min(1), slotsSchema, 'must be an object of contents by category')
      .superRefine((categories, context) => {
        const names = Object.keys(categories);
        const say = (path: PropertyKey[], message: string): void =>
          context.addIssue({ code: 'custom', path, message });
        if (names.length < 2)
          say([], 'must name at least two categories: there is nothing to choose from one');
        if (names.length > mostChoices) say([], `must name at most ${mostChoices} categories`);
        for (const { index, message } of unlikeSlots(Object.values(categories)))
          say([names[index] ?? ''], message);
      })
      .describe('Content by category.'),
    items: z.int('must be a whole number').min(0).max(50).default(0),
    ...custodyFields,
    ...declaresField,
  },
  'must be an object with kind, horizon and categories',
);

const lessonOf = ({ event, categories, ...definition }: AffinityDefinition): Lesson => ({
  ...definition,
  tasks: Object.keys(categories)
    .sort()
    .map((category) => ({
      key: category,
      outcome: { event, category: [category], count: 1 },
      absent: false,
    })),
});

/** Items that are remembered of each category. */
const mostItems = 200;

/** Content of the category that a recipient is likeliest to do something in, with its most wanted items. */
export const affinityKind: StrategyKind<AffinityDefinition> = {
  kind: 'affinity',
  summary:
    'Predicts in which category a recipient will do something, and delivers the content and items of the likeliest.',
  parse: (definition) => readWith(schema, definition),
  learn(definition, log, clock, seed, tell) {
    const learned = teach(lessonOf(definition), log, clock, seed, tell);
    if ('refused' in learned || definition.items === 0) return learned;
    const state = learned.state as { readonly [key: string]: Json };
    return { ...learned, state: { ...state, items: itemsOf(definition, log, clock) } };
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
  references: ({ categories, items }) => ({
    contents: [...new Set(Object.values(categories).flatMap(contentsOf))],
    segments: [],
    items: [],
    catalogue: items > 0,
  }),
  mayDecline: ({ items }) => items > 0,
  slotNames: ({ categories }) => slotNamesOf(Object.values(categories)),
  prepare,
};

/** By category the items that most events before the clock were of, as `[item, events]`. */
function itemsOf(
  { event, categories }: AffinityDefinition,
  { histories, catalogue }: Parameters<NonNullable<typeof affinityKind.learn>>[1],
  clock: Date,
): Json {
  const categoryOf = new Map(catalogue.items.map(({ id, category }) => [id, category]));
  const counts = new Map<string, number>();
  for (const history of histories.values()) {
    for (const { type, item, at } of history) {
      if (type !== event || item === undefined || at >= clock.getTime()) continue;
      counts.set(item, (counts.get(item) ?? 0) + 1);
    }
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return Object.fromEntries(
    Object.keys(categories).map((category) => [
      category,
      sorted.filter(([item]) => categoryOf.get(item) === category).slice(0, mostItems),
    ]),
  );
}

const itemsSchema = z.object({ items: z.record(z.string(), z.array(z.tuple([z.string(), z.number()]))) });

function prepare({ categories, items: wanted }: AffinityDefinition, parts: Parts): Decider {
  const scorer = scorerOf(parts.learned);
  const kept = wanted === 0 ? undefined : itemsSchema.safeParse(parts.learned);
  if (kept?.success === false) throw new Error('What was learned names no items. Learn again.');
  const items = kept?.data.items ?? {};
  const slots = new Map(
    Object.entries(categories).map(([name, values]) => [name, resolveSlots(values, parts.contents)]),
  );
  const rank = (profile: Profile, clock: Date) =>
    [...scorer.scoreOne(profile, clock.getTime())]
      .filter(([category]) => slots.has(category))
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const choose = (profile: Profile, candidates: Candidates, clock: Date): Choice | NoChoice => {
    const allowed = wanted === 0 ? undefined : idsOf(candidates());
    for (const [category, p] of rank(profile, clock)) {
      const chosen = allowed ? best(items[category] ?? [], allowed, wanted, category) : [];
      // Without an item to show the next category is better than an empty mail.
      if (allowed && chosen.length === 0) continue;
      return {
        slots: slots.get(category) ?? {},
        ...(allowed && { items: chosen }),
        reason: `${category} ${shownProbability(p)}`,
        probability: 1,
      };
    }
    return { noChoice: 'no item of these categories may be shown' };
  };
  const shown = (profile: Profile, clock: Date) =>
    rank(profile, clock).map(([category, p]) => ({
      category: category.slice(0, 100),
      p: shownProbability(p),
    }));
  return {
    decide: choose,
    gist: (profile, _, clock): Json => ({ categories: shown(profile, clock).slice(0, 2) }),
    trace: (profile, _, clock): Json => ({
      categories: shown(profile, clock),
      features: seenBy(scorer, profile, clock),
    }),
  };
}

/** The score is the share of the events of the first. */
function best(
  known: readonly (readonly [string, number])[],
  allowed: ReturnType<typeof idsOf>,
  most: number,
  category: string,
): ScoredItem[] {
  const top = known[0]?.[1] ?? 1;
  return known
    .filter(([item]) => allowed.has(item))
    .slice(0, most)
    .map(([item, n]) => ({ item, score: shownProbability(n / top), reason: `most wanted in ${category}` }));
}

import { z } from 'zod';
import { parseDuration } from '../experiments/duration.js';
import type { SlotValues } from '../experiments/experiment.js';
import { readWith } from '../experiments/read-with.js';
import { slotsSchema } from '../experiments/slots.js';
import type { History } from '../profiles/history.js';
import { idsOf } from './candidates.js';
import { itemReference, referenceWindowMs, type TrafficRules, watchItems } from './item-traffic.js';
import type { ModelReport } from './model-report.js';
import type { Candidates, Choice, Decider, Json, Learned, LearningLog, NoChoice, Parts } from './strategy.js';
import type { Profile, ScoredItem, StrategyKind } from './strategy.js';
import { contentsOf, resolveSlots } from './strategy.js';

/** `{"kind": "popular", "slots": {…}, "items": 3, "from": "favourite_category"}` */
export interface PopularDefinition {
  readonly kind: 'popular';
  readonly slots: SlotValues;
  readonly items: number;
  readonly from: 'all' | 'favourite_category';
  /** What one event of a type is worth. */
  readonly weights: Readonly<Record<string, number>>;
  readonly halfLife: string;
  readonly window: string;
}

const duration = z
  .string('must be a duration such as "30d"')
  .regex(/^[1-9]\d{0,4}[mhd]$/, 'write a duration as 90m, 12h or 14d');

const schema = z.strictObject(
  {
    kind: z.literal('popular', 'must be "popular"'),
    slots: slotsSchema,
    items: z.int('must be a whole number').min(1).max(50).default(3),
    from: z.enum(['all', 'favourite_category'], 'must be "all" or "favourite_category"').default('all'),
    weights: z
      .partialRecord(
        z.enum(['view', 'cart', 'click', 'purchase'], 'must be view, cart, click or purchase'),
        z.number('must be a number').gt(0, 'must be above 0').max(1_000),
      )
      .transform((weights) => weights as Readonly<Record<string, number>>)
      .refine((weights) => Object.keys(weights).length > 0, { message: 'must weigh at least one event' })
      .default({ purchase: 5, cart: 2, view: 1 }),
    halfLife: duration.default('30d'),
    window: duration.default('180d'),
  },
  'must be an object with kind and slots',
);

/** `[item, category, score]`, the highest score first. */
type BestSellers = readonly (readonly [string, string | null, number])[];

/** Best sellers: what was bought, put in the cart and looked at most, lately more than long ago. */
export const popularKind: StrategyKind<PopularDefinition> = {
  kind: 'popular',
  summary:
    'Recommends the best sellers, of the whole catalogue or of the recipient’s favourite category first.',
  parse: (definition) => readWith(schema, definition),
  learn,
  watch: (definition, state, reference, { histories }, clock) =>
    watchItems(reference, histories, clock, trafficRules(definition, bestSellersOf(state))),
  learnsFrom: (definition) => ({ types: Object.keys(definition.weights), lookbackMs: windowOf(definition) }),
  needs: (definition) =>
    definition.from === 'all'
      ? { types: [] }
      : { types: Object.keys(definition.weights), lookbackMs: windowOf(definition) },
  readsTraits: () => [],
  readsFeatures: () => [],
  references: ({ slots }) => ({ contents: contentsOf(slots), segments: [], items: [], catalogue: true }),
  mayDecline: () => true,
  slotNames: ({ slots }) => Object.keys(slots),
  prepare,
};

const windowOf = ({ window }: PopularDefinition): number => parseDuration(window) ?? 0;

/** Worth of every event of a history, by what it is grouped by: weight × 2^(-age / half-life). */
function worths(
  { weights, halfLife, ...definition }: PopularDefinition,
  history: History,
  clock: number,
  groupOf: (event: History[number]) => string | undefined,
  into: Map<string, number>,
): void {
  const since = clock - windowOf({ weights, halfLife, ...definition });
  const half = parseDuration(halfLife) ?? 1;
  for (const event of history) {
    const weight = Object.hasOwn(weights, event.type) ? weights[event.type] : undefined;
    if (weight === undefined || event.at < since || event.at >= clock) continue;
    const group = groupOf(event);
    if (group === undefined) continue;
    into.set(group, (into.get(group) ?? 0) + weight * 2 ** ((event.at - clock) / half));
  }
}

function learn(definition: PopularDefinition, { histories, catalogue }: LearningLog, clock: Date): Learned {
  const known = new Map(catalogue.items.map((item) => [item.id, item]));
  const scores = new Map<string, number>();
  for (const history of histories.values()) {
    worths(
      definition,
      history,
      clock.getTime(),
      ({ item }) => (item !== undefined && known.has(item) ? item : undefined),
      scores,
    );
  }
  const learned = [...scores].map(
    ([id, score]) => [id, known.get(id)?.category ?? null, rounded(score)] as const,
  );
  const items = learned
    .filter(([, , score]) => score > 0)
    .sort((a, b) => b[2] - a[2] || (a[0] < b[0] ? -1 : 1));
  const until = clock.getTime();
  const from = until - referenceWindowMs(windowOf(definition));
  const times = { from, clock: until, learnedUntil: until };
  const reference = itemReference(histories, times, trafficRules(definition, items));
  return { state: { items }, report: { ...reportOf(definition, clock), ...reference } };
}

function trafficRules({ weights }: PopularDefinition, items: BestSellers): TrafficRules {
  const known = new Set(items.map(([id]) => id));
  return { isInteraction: ({ type }) => Object.hasOwn(weights, type), knows: (item) => known.has(item) };
}

function reportOf(definition: PopularDefinition, clock: Date): ModelReport {
  const from = new Date(clock.getTime() - windowOf(definition)).toISOString();
  return {
    window: { from, until: clock.toISOString() },
    split: { kind: 'none', note: 'A count of what happened: nothing is held out.' },
    measures: [],
    notes: [],
  };
}

/** Six decimals: what is below makes no difference to a reader, and keeps the state short. */
function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}

const learnedSchema = z.object({
  items: z.array(z.tuple([z.string(), z.string().nullable(), z.number()])),
});

/** @throws Error for what `learn` did not give. */
function bestSellersOf(state: Json): BestSellers {
  const learned = learnedSchema.safeParse(state);
  if (!learned.success) throw new Error('the strategy has learned nothing that it can use');
  return learned.data.items;
}

function prepare(definition: PopularDefinition, parts: Parts): Decider {
  const all = bestSellersOf(parts.learned);
  const categories = new Map(all.map(([item, category]) => [item, category]));
  const slots = resolveSlots(definition.slots, parts.contents);
  const choose = (profile: Profile, candidates: Candidates, clock: Date): Choice | NoChoice => {
    const favourite = favouriteOf(definition, categories, profile, clock)[0]?.[0];
    const items = best(all, favourite, candidates, definition.items);
    if (items.length === 0) return { noChoice: 'none of the best sellers may be shown' };
    const reason = favourite === undefined ? 'best sellers' : `best sellers in ${favourite} first`;
    return { slots, items, reason, probability: 1 };
  };
  return {
    decide: choose,
    gist: (profile, candidates, clock) => {
      const favourite = favouriteOf(definition, categories, profile, clock)[0]?.[0];
      return { candidates: candidates().length, ...(favourite !== undefined && { favourite }) };
    },
    trace: (profile, candidates, clock) => {
      const favourites = favouriteOf(definition, categories, profile, clock);
      const allowed = idsOf(candidates());
      const looked = all
        .slice(0, 20)
        .map(([item, category, score]) => ({ item, category, score, candidate: allowed.has(item) }));
      return {
        from: definition.from,
        favourites: favourites.slice(0, 10).map(([category, worth]) => ({ category, worth: rounded(worth) })),
        candidates: candidates().length,
        known: all.length,
        best: looked,
      };
    },
  };
}

/** The categories that the recipient did most in, the dearest first. */
function favouriteOf(
  definition: PopularDefinition,
  categories: ReadonlyMap<string, string | null>,
  { history }: Profile,
  clock: Date,
): readonly (readonly [string, number])[] {
  if (definition.from === 'all') return [];
  const worth = new Map<string, number>();
  const categoryOf = ({ item, category }: History[number]) =>
    (item === undefined ? undefined : (categories.get(item) ?? undefined)) ?? category;
  worths(definition, history, clock.getTime(), categoryOf, worth);
  return [...worth].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/**
 * The best of the favourite category, then the best of all. Within both the score is the share of the best seller's; those of
 * the favourite category have 1 more, so that a higher score is always better.
 */
function best(
  all: BestSellers,
  favourite: string | undefined,
  candidates: Candidates,
  most: number,
): ScoredItem[] {
  const allowed = idsOf(candidates());
  const found: ScoredItem[] = [];
  const top = all[0]?.[2] ?? 1;
  const add = (wanted: (category: string | null) => boolean, bonus: number, reason: string): void => {
    for (const [item, category, score] of all) {
      if (found.length >= most) return;
      if (wanted(category) && allowed.has(item))
        found.push({ item, score: bonus + rounded(score / top), reason });
    }
  };
  if (favourite === undefined) add(() => true, 0, 'among the best sellers');
  else {
    add((category) => category === favourite, 1, `best seller in ${favourite}`);
    add((category) => category !== favourite, 0, 'among the best sellers');
  }
  return found;
}

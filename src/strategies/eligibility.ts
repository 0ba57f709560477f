import type { Eligibility } from '../experiments/experiment.js';
import type { HistoryNeeds, Profile } from '../profiles/history.js';
import { without } from './candidates.js';
import type { CatalogueSnapshot, Item } from './catalogue.js';
import type { Candidates } from './strategy.js';

/** The one filter that all arms of an experiment share, over its snapshot. */
export interface Filter {
  /** What the filter looks at in a recipient's history. */
  readonly needs: HistoryNeeds;
  /** What this recipient may be shown at a clock; worked out when it is asked for, once. */
  candidates(profile: Profile, clock: Date): Candidates;
  /** Why nobody may be shown this item; undefined: some may. */
  refusal(item: string): string | undefined;
}

const nothing: readonly Item[] = [];

export function prepareFilter(eligibility: Eligibility, snapshot: CatalogueSnapshot): Filter {
  const excluded = new Set(eligibility.excludedCategories);
  const byId = new Map(snapshot.items.map((item) => [item.id, item]));
  const items = snapshot.items.filter((item) => whyNever(item, eligibility, excluded) === undefined);
  return {
    needs: needsOfEligibility(eligibility),
    candidates(profile, clock) {
      let found: readonly Item[] | undefined;
      return () => (found ??= candidatesOf(items, eligibility, profile, clock.getTime()));
    },
    refusal(id) {
      const item = byId.get(id);
      return item ? whyNever(item, eligibility, excluded) : 'it is not in the snapshot';
    },
  };
}

export function needsOfEligibility({ notBoughtMs }: Eligibility): HistoryNeeds {
  if (notBoughtMs === undefined) return { types: [] };
  return { types: ['purchase'], ...(notBoughtMs !== 'ever' && { lookbackMs: notBoughtMs }) };
}

function candidatesOf(
  items: readonly Item[],
  { consent, notBoughtMs }: Eligibility,
  { traits, history }: Profile,
  clock: number,
): readonly Item[] {
  if (consent !== undefined && !(Object.hasOwn(traits, consent) && traits[consent] === true)) return nothing;
  if (notBoughtMs === undefined) return items;
  const since = notBoughtMs === 'ever' ? -Infinity : clock - notBoughtMs;
  const bought = new Set<string>();
  for (const { type, at, item } of history) {
    if (type === 'purchase' && item !== undefined && at >= since && at < clock) bought.add(item);
  }
  return bought.size === 0 ? items : without(items, bought);
}

function whyNever(
  item: Item,
  { inStock, priced }: Eligibility,
  excluded: ReadonlySet<string>,
): string | undefined {
  if (inStock && item.stock !== undefined && item.stock <= 0) return 'it is out of stock';
  if (priced && item.price === undefined) return 'it has no price';
  if (item.category !== undefined && excluded.has(item.category)) return 'its category is excluded';
  return undefined;
}

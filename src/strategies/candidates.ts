import type { Item } from './catalogue.js';

/** Which items are on a list, without looking through it. */
export interface Ids {
  has(id: string): boolean;
}

// The same list serves thousands of recipients.
const known = new WeakMap<readonly Item[], Ids>();

export function idsOf(items: readonly Item[]): Ids {
  const found = known.get(items);
  if (found) return found;
  const ids = new Set(items.map(({ id }) => id));
  known.set(items, ids);
  return ids;
}

/** The same list without some of its items. */
export function without(items: readonly Item[], taken: ReadonlySet<string>): readonly Item[] {
  const all = idsOf(items);
  if (![...taken].some((id) => all.has(id))) return items;
  const left = items.filter(({ id }) => !taken.has(id));
  known.set(left, { has: (id) => all.has(id) && !taken.has(id) });
  return left;
}

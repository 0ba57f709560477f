import type { History } from '../../profiles/history.js';
import { type CollaborativeDefinition, msOf, rulesOf } from './definition.js';
import { weightOf } from './interactions.js';

/**
 * Items of a history that are not recommended any more.
 *
 * @param asOf milliseconds since 1970; nothing at it or later is looked at.
 */
export function excludedItems(
  definition: CollaborativeDefinition,
  history: History,
  asOf: number,
): Set<string> {
  const { bought, engaged } = definition.exclude;
  const rules = rulesOf(definition);
  const boughtSince = typeof bought === 'string' ? asOf - msOf(bought) : -Infinity;
  const excluded = new Set<string>();
  for (const event of history) {
    const { type, at, item } = event;
    if (item === undefined || at >= asOf) continue;
    const isBought = bought !== false && type === 'purchase' && at >= boughtSince;
    const isEngaged = engaged && at >= asOf - rules.windowMs && weightOf(event, rules) > 0;
    if (isBought || isEngaged) excluded.add(item);
  }
  return excluded;
}

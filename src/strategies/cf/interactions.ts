import { countsAsHuman } from '../../profiles/features/human.js';
import type { Behaviour, History } from '../../profiles/history.js';
import type { Ids } from '../candidates.js';
import type { Interaction } from './matrix.js';

/** What may count as an interaction; `click` is one in the shop, `clicked` one in a message, where a human did it. */
export const interactionTypes = ['view', 'cart', 'click', 'clicked', 'purchase'] as const;

/** How long somebody looked, in steps. */
export interface Dwell {
  /** Of the event: seconds, a number from 0 up. */
  readonly property: string;
  /** Rising. A view of so many seconds or more weighs so much, 0 for nothing; a shorter one weighs nothing. */
  readonly buckets: readonly { readonly from: number; readonly weight: number }[];
}

/** What counts as an interaction, and how much. */
export interface InteractionRules {
  /** What one event of a type is worth. */
  readonly weights: Readonly<Record<string, number>>;
  /** For views of which it is known how long they were, in the place of the weight of a view. */
  readonly dwell?: Dwell;
  readonly windowMs: number;
  /** After so long an event is worth half. */
  readonly halfLifeMs?: number;
}

// Less would be nothing in single precision.
const leastWeight = 1e-30;

/**
 * What one recipient did with each item within the window before a moment, events added up; weight × 2^(-age / half-life).
 * Items come in the order in which something was last done with them, the newest at the end.
 *
 * @param asOf milliseconds since 1970; nothing at it or later counts.
 */
export function worthByItem(history: History, rules: InteractionRules, asOf: number): Map<string, number> {
  const worths = new Map<string, number>();
  for (const event of history) {
    const { item, at } = event;
    if (item === undefined || at >= asOf || at < asOf - rules.windowMs) continue;
    const decay = rules.halfLifeMs === undefined ? 1 : 2 ** ((at - asOf) / rules.halfLifeMs);
    const worth = weightOf(event, rules) * decay;
    if (worth < leastWeight) continue;
    const before = worths.get(item) ?? 0;
    // A key that is set again would keep its old place.
    worths.delete(item);
    worths.set(item, before + worth);
  }
  return worths;
}

/** What one event is worth when it is new; 0: it is no interaction. */
export function weightOf(event: Behaviour, { weights, dwell }: InteractionRules): number {
  const weight = Object.hasOwn(weights, event.type) ? (weights[event.type] ?? 0) : 0;
  if (weight === 0 || !countsAsHuman(event)) return 0;
  if (dwell === undefined || event.type !== 'view') return weight;
  const seconds = secondsOf(event, dwell.property);
  if (seconds === undefined) return weight;
  return dwell.buckets.findLast(({ from }) => seconds >= from)?.weight ?? 0;
}

/** Undefined: not known, or not to be believed. */
function secondsOf({ properties }: Behaviour, property: string): number | undefined {
  const told = properties && Object.hasOwn(properties, property) ? properties[property] : undefined;
  return typeof told === 'number' && Number.isFinite(told) && told >= 0 ? told : undefined;
}

/** Of everybody, as of one moment; of items of the catalogue only. In the order of the recipients given. */
export function interactionsOf(
  histories: ReadonlyMap<string, History>,
  catalogue: Ids,
  rules: InteractionRules,
  asOf: number,
): Interaction[] {
  const found: Interaction[] = [];
  for (const [recipient, history] of histories) {
    for (const [item, weight] of worthByItem(history, rules, asOf)) {
      if (catalogue.has(item)) found.push({ recipient, item, weight });
    }
  }
  return found;
}

import type { Slots } from '../experiments/experiment.js';
import { isBlank } from '../experiments/slots.js';
import { idsOf } from './candidates.js';
import type { Candidates, Choice, Decide, Profile, ScoredItem } from './strategy.js';

/** What is delivered to one recipient, and whether it is the strategy's own choice. */
export interface Decision {
  readonly delivered: 'strategy' | 'fallback';
  readonly slots: Slots;
  readonly items?: readonly ScoredItem[];
  /** The strategy's reason, or `fallback`. */
  readonly reason: string;
  readonly probability: number;
  /** Why the strategy's choice was not delivered. */
  readonly fallbackReason?: string;
}

/** The strategy could not decide and there is nothing to fall back to: this recipient gets no content. */
export interface Undecided {
  readonly error: 'no_fallback';
  /** Why the strategy gave nothing to deliver. */
  readonly reason: string;
}

/** What is asked of a strategy, besides the recipient. */
export interface Asked {
  readonly decide: Decide;
  /** Every slot that a choice must set, and no other. */
  readonly slotNames: readonly string[];
  readonly fallback?: Slots;
}

/**
 * The strategy's choice if it is whole, the fallback if not: when the strategy fails, declines, leaves one of its
 * slots out or blank, sets one it did not declare, or names an item that is no candidate. Never throws.
 */
export function decideFor(
  asked: Asked,
  profile: Profile,
  candidates: Candidates,
  clock: Date,
): Decision | Undecided {
  const outcome = choose(asked, profile, candidates, clock);
  if ('choice' in outcome) {
    const { slots, items, reason, probability } = outcome.choice;
    return { delivered: 'strategy', slots, reason, probability, ...(items && { items }) };
  }
  return fallBack(asked.fallback, outcome.why);
}

/** The fallback, with the reason why the strategy's own choice is not delivered. */
export function fallBack(fallback: Slots | undefined, why: string): Decision | Undecided {
  if (fallback === undefined) return { error: 'no_fallback', reason: why };
  return { delivered: 'fallback', slots: fallback, reason: 'fallback', probability: 1, fallbackReason: why };
}

function choose(
  { decide, slotNames }: Asked,
  profile: Profile,
  candidates: Candidates,
  clock: Date,
): { readonly choice: Choice } | { readonly why: string } {
  try {
    const answer = decide(profile, candidates, clock);
    if ('noChoice' in answer) return { why: answer.noChoice };
    const why = flawIn(answer.slots, slotNames) ?? strangerIn(answer.items, candidates);
    return why === undefined ? { choice: answer } : { why };
  } catch (error) {
    // Only the name: the message of a foreign strategy may quote what is known about the recipient.
    return { why: `the strategy failed with ${error instanceof Error ? error.name : 'no error object'}` };
  }
}

function flawIn(slots: Slots, declared: readonly string[]): string | undefined {
  for (const name of declared) {
    const content = Object.hasOwn(slots, name) ? slots[name] : undefined;
    if (typeof content !== 'string' || isBlank(content)) return `slot ${name} was left out or blank`;
  }
  const undeclared = Object.keys(slots).find((name) => !declared.includes(name));
  return undeclared === undefined ? undefined : `slot ${undeclared} was not declared`;
}

function strangerIn(items: readonly ScoredItem[] | undefined, candidates: Candidates): string | undefined {
  if (items === undefined || items.length === 0) return undefined;
  const known = idsOf(candidates());
  return items.every(({ item }) => known.has(item)) ? undefined : 'an item was chosen that is no candidate';
}

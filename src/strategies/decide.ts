import type { Slots } from '../experiments/experiment.js';
import { isBlank } from '../experiments/slots.js';
import type { Choice, Profile, StrategyKind } from './strategy.js';

/** What is delivered to one recipient, and whether it is the strategy's own choice. */
export interface Decision {
  readonly delivered: 'strategy' | 'fallback';
  readonly slots: Slots;
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

/**
 * The strategy's choice if it is whole, the fallback if not: when the strategy fails, declines, leaves one of its
 * slots out or blank, or sets one it did not declare. Never throws.
 */
export function decideFor<State>(
  kind: StrategyKind<State>,
  state: State,
  profile: Profile,
  clock: Date,
  fallback?: Slots,
): Decision | Undecided {
  const outcome = choose(kind, state, profile, clock);
  if ('choice' in outcome) {
    const { slots, reason, probability } = outcome.choice;
    return { delivered: 'strategy', slots, reason, probability };
  }
  if (fallback === undefined) return { error: 'no_fallback', reason: outcome.why };
  return {
    delivered: 'fallback',
    slots: fallback,
    reason: 'fallback',
    probability: 1,
    fallbackReason: outcome.why,
  };
}

function choose<State>(
  kind: StrategyKind<State>,
  state: State,
  profile: Profile,
  clock: Date,
): { readonly choice: Choice } | { readonly why: string } {
  try {
    const answer = kind.decide(profile, state, clock);
    if ('noChoice' in answer) return { why: answer.noChoice };
    const why = flawIn(answer.slots, kind.slotNames(state));
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

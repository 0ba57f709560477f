import type { Slots } from '../experiments/experiment.js';
import { isBlank } from '../experiments/slots.js';
import { isStorable } from '../experiments/text.js';
import { blankSlot } from './blank.js';
import { idsOf } from './candidates.js';
import type { Candidates, Choice, Decide, Decider, Profile, ScoredItem } from './strategy.js';

/** In characters. */
const longestGist = 500;

/** What is delivered to one recipient, and whether it is the strategy's own choice. */
export interface Decision {
  readonly delivered: 'strategy' | 'fallback';
  /** None where nothing is to be sent. */
  readonly slots: Slots;
  /** The strategy's choice is to send nothing. */
  readonly withheld?: true;
  readonly items?: readonly ScoredItem[];
  /** The strategy's reason, or `fallback`. */
  readonly reason: string;
  readonly probability: number;
  /** Why the strategy's choice was not delivered. */
  readonly fallbackReason?: string;
  /** Of a choice that was delivered: why, in brief, as JSON text. */
  readonly gist?: string;
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
  readonly gist?: Decider['gist'];
  /** Every slot that a choice must set, and no other. */
  readonly slotNames: readonly string[];
  /** Whether the choice may be to send nothing. */
  readonly mayWithhold?: boolean;
  readonly fallback?: Slots;
}

/**
 * The strategy's choice if it is whole, the fallback if not: when the strategy fails, declines, leaves one of its
 * slots out or blank, sets one it did not declare, withholds without having declared that it may, or names an item that is
 * no candidate. Never throws.
 */
export function decideFor(
  asked: Asked,
  profile: Profile,
  candidates: Candidates,
  clock: Date,
): Decision | Undecided {
  const outcome = choose(asked, profile, candidates, clock);
  if ('choice' in outcome) {
    const { slots, items, withheld, reason, probability } = outcome.choice;
    const gist = gistOf(asked, profile, candidates, clock);
    return {
      delivered: 'strategy',
      slots,
      reason,
      probability,
      ...(withheld && { withheld }),
      ...(items && { items }),
      ...(gist !== undefined && { gist }),
    };
  }
  return fallBack(asked.fallback, outcome.why);
}

/** The fallback, with the reason why the strategy's own choice is not delivered. */
export function fallBack(fallback: Slots | undefined, why: string): Decision | Undecided {
  if (fallback === undefined) return { error: 'no_fallback', reason: why };
  return { delivered: 'fallback', slots: fallback, reason: 'fallback', probability: 1, fallbackReason: why };
}

function choose(
  { decide, slotNames, mayWithhold = false }: Asked,
  profile: Profile,
  candidates: Candidates,
  clock: Date,
): { readonly choice: Choice } | { readonly why: string } {
  try {
    const answer = decide(profile, candidates, clock);
    if ('noChoice' in answer)
      return { why: isReason(answer.noChoice) ? answer.noChoice : 'no reason was given' };
    const why = flawIn(answer, slotNames, mayWithhold) ?? flawInItems(answer.items, candidates);
    return why === undefined ? { choice: answer } : { why };
  } catch (error) {
    return { why: `the strategy failed with ${nameOf(error)}` };
  }
}

/** The ledger does without it before anybody goes without their content. */
function gistOf({ gist }: Asked, profile: Profile, candidates: Candidates, clock: Date): string | undefined {
  try {
    const text = gist && JSON.stringify(gist(profile, candidates, clock));
    return text !== undefined && text.length <= longestGist ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Only the name: the message of a foreign strategy may quote what is known about the recipient. */
function nameOf(error: unknown): string {
  try {
    const name = error instanceof Error ? error.name : 'no error object';
    return isReason(name) ? name.slice(0, 64) : 'an error without a name';
  } catch {
    return 'an error without a name';
  }
}

const longestReason = 500;

/** What the ledger can keep. */
function isReason(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= longestReason && isStorable(text);
}

function flawIn(choice: Choice, declared: readonly string[], mayWithhold: boolean): string | undefined {
  const { slots, withheld, reason, probability } = choice;
  const why = withheld === true ? flawInWithheld(slots, mayWithhold) : flawInSlots(slots, declared);
  if (why !== undefined) return why;
  if (!isReason(reason)) return 'the choice came without a reason';
  const isProbable = typeof probability === 'number' && probability > 0 && probability <= 1;
  return isProbable ? undefined : 'the probability of the choice is none';
}

function flawInSlots(slots: Slots, declared: readonly string[]): string | undefined {
  for (const name of declared) {
    const content = Object.hasOwn(slots, name) ? slots[name] : undefined;
    if (typeof content !== 'string' || isBlank(content)) return blankSlot(name);
  }
  const undeclared = Object.keys(slots).find((name) => !declared.includes(name));
  return undeclared === undefined ? undefined : `slot ${undeclared} was not declared`;
}

function flawInWithheld(slots: Slots, mayWithhold: boolean): string | undefined {
  if (!mayWithhold) return 'the strategy sends nothing, which it did not declare';
  return Object.keys(slots).length === 0 ? undefined : 'the strategy sends nothing and sets slots';
}

function flawInItems(items: readonly ScoredItem[] | undefined, candidates: Candidates): string | undefined {
  if (items === undefined || items.length === 0) return undefined;
  const known = idsOf(candidates());
  if (!items.every(({ item }) => known.has(item))) return 'an item was chosen that is no candidate';
  if (new Set(items.map(({ item }) => item)).size < items.length) return 'an item was chosen twice';
  const isScored = items.every(({ score, reason }) => Number.isFinite(score) && isReason(reason));
  return isScored ? undefined : 'an item came without a score or a reason';
}

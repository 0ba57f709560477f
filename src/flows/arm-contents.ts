import type { Decision } from '../database/decisions.js';
import type { Slots } from '../experiments/experiment.js';
import type { Profile } from '../profiles/history.js';
import { neededOf } from '../profiles/orderly-history.js';
import { contentHash } from '../strategies/content-hash.js';
import {
  decideFor,
  type Decision as Decided,
  fallBack,
  type Undecided as NoFallback,
} from '../strategies/decide.js';
import { clockOf } from '../strategies/manifest.js';
import type { LoadedArm, LoadedStrategy } from './load-arms.js';
import { decisionBudgetMs, withinBudget } from './within-budget.js';

/** What one recipient of an arm gets, and how that came about. */
export type ArmContent = Omit<Decision, 'recipientKey' | 'id' | 'decidedAt'> & { readonly slots: Slots };

export interface Undecided {
  /** Why there is nothing to deliver. */
  readonly undecided: string;
}

/** What a decision was made from, as the ledger keeps it. */
export interface DecisionInputs extends Profile {
  /** Why the strategy was not asked, or did not come to an end. */
  readonly notAsked?: string;
}

/** Somebody to decide for. */
export interface Ask {
  readonly arm: LoadedArm;
  readonly inputs: DecisionInputs;
  /** The moment of the decision. */
  readonly at: Date;
}

export const tookTooLong = 'the strategy took too long';
export const notAskedAnyMore = 'the strategy took too long for others, and was not asked';

/** So many recipients of one call may wait for a strategy that does not come to an end. */
const mostLate = 2;

/**
 * What everybody gets, in their order. A strategy that fails, hangs or chooses what is not there is fallen back from: its
 * fault becomes the reason in the ledger, never an error for the sender.
 */
export function decideAll(asks: readonly Ask[], budgetMs = decisionBudgetMs): (ArmContent | Undecided)[] {
  const hash = memo(contentHash);
  const late = new Map<string, number>();
  const answers: (ArmContent | Undecided)[] = [];
  const decide = (index: number, notAsked?: string): void => {
    const ask = asks[index];
    if (!ask) throw new Error('a decision was asked for nobody');
    const inputs = notAsked === undefined ? ask.inputs : { ...ask.inputs, notAsked };
    answers[index] = decideOne({ ...ask, inputs }, hash);
  };
  withinBudget(
    asks.length,
    budgetMs,
    (index) => {
      const tripped = (late.get(asks[index]?.arm.hash ?? '') ?? 0) >= mostLate;
      decide(index, tripped ? notAskedAnyMore : undefined);
    },
    (index) => {
      const arm = asks[index]?.arm.hash ?? '';
      late.set(arm, (late.get(arm) ?? 0) + 1);
      decide(index, tookTooLong);
    },
  );
  return answers;
}

function decideOne({ arm, inputs, at }: Ask, hash: (slots: Slots) => string): ArmContent | Undecided {
  const { strategy, own } = arm;
  if (!strategy) {
    const base = { ...unassigned, manifest: arm.hash, slots: own, contentHash: hash(own) };
    return { ...base, reason: 'arm', inputs: null };
  }
  const assigned = strategy.version.hash;
  const choice = choose(arm, strategy, inputs, at);
  if (!('slots' in choice)) return { undecided: choice.reason };
  // Who is sent nothing gets nothing of the arm's own content either.
  const slots = choice.withheld ? {} : { ...own, ...choice.slots };
  const fellBack = choice.delivered === 'fallback';
  const { reason, probability, items } = choice;
  return {
    slots,
    contentHash: hash(slots),
    manifest: arm.hash,
    assignedStrategy: assigned,
    deliveredStrategy: fellBack ? null : assigned,
    delivered: choice.delivered,
    fallbackReason: fellBack ? (choice.fallbackReason ?? reason) : null,
    withheld: choice.withheld ?? false,
    reason,
    probability,
    items: items ? JSON.stringify(items.map(({ item, score, reason: why }) => [item, score, why])) : null,
    trace: traceText(strategy, choice),
    inputs: JSON.stringify(inputs),
  };
}

const unassigned = {
  assignedStrategy: null,
  deliveredStrategy: null,
  delivered: 'strategy',
  fallbackReason: null,
  withheld: false,
  probability: 1,
  items: null,
  trace: null,
} as const;

function choose(
  arm: LoadedArm,
  strategy: LoadedStrategy,
  inputs: DecisionInputs,
  now: Date,
): Decided | NoFallback {
  if (inputs.notAsked !== undefined) return fallBack(strategy.fallback, inputs.notAsked);
  const clock = clockOf(arm.manifest, now);
  const { decider, slotNames, mayWithhold, fallback } = strategy;
  const { decide, gist } = decider;
  const asked = { decide, slotNames, mayWithhold, ...(gist && { gist }), ...(fallback && { fallback }) };
  return decideFor(asked, inputs, strategy.candidates(inputs, clock), clock);
}

/** Why it was this that was delivered: the gist of a choice, or the steps of the fallback chain. */
function traceText(strategy: LoadedStrategy, choice: Decided): string | null {
  if (choice.delivered === 'fallback') return JSON.stringify(chainOf(strategy, choice));
  return choice.gist ?? null;
}

/** The steps of the fallback chain, as `[who, what came of it]`. */
function chainOf({ fallbackFrom }: LoadedStrategy, { fallbackReason }: Decided) {
  return [
    ['strategy', fallbackReason ?? ''],
    [`fallback of ${fallbackFrom ?? 'nobody'}`, 'delivered'],
  ];
}

/** What an arm sees of somebody: no more of the history than it needs, so that no more need be kept. */
export function inputsOf(arm: LoadedArm, profile: Profile, now: Date, notAsked?: string): DecisionInputs {
  const clock = clockOf(arm.manifest, now).getTime();
  const history = arm.needs.types.length === 0 ? [] : neededOf(profile.history, arm.needs, clock);
  const { traits, scores } = profile;
  return { traits, history, ...(scores && { scores }), ...(notAsked !== undefined && { notAsked }) };
}

/** The same few contents are hashed for thousands of recipients. */
function memo(hash: (value: unknown) => string): (value: Slots) => string {
  const known = new Map<string, string>();
  return (value) => {
    const text = JSON.stringify(value);
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = hash(value);
    known.set(text, made);
    return made;
  };
}

import type { Slots } from '../experiments/experiment.js';
import type { Parsed } from '../experiments/read-with.js';
import type { Traits } from '../profiles/traits.js';

/** What a strategy answers for one recipient: content, why, and with what probability it chose so. */
export interface Choice {
  readonly slots: Slots;
  /** Short and readable: `rule vip`, `default`. */
  readonly reason: string;
  /** Probability of this choice under the strategy; 1 where nothing is drawn. Later questions need it. */
  readonly probability: number;
}

/** A strategy that cannot decide says so; the fallback is delivered and the reason is kept. */
export interface NoChoice {
  readonly noChoice: string;
}

/**
 * The contract of every kind of strategy. `State` is plain JSON, so that a version can be hashed, stored and
 * replayed; `decide` is pure: the same profile, state and clock give the same choice in any process.
 */
export interface StrategyKind<State> {
  readonly kind: string;
  /** One sentence for the page that lists the kinds. */
  readonly summary: string;
  /** Checks a definition as a sender wrote it and gives the state that `decide` works on. */
  parse(definition: unknown): Parsed<State>;
  decide(profile: Profile, state: State, clock: Date): Choice | NoChoice;
  /** Whether `decide` may have no choice for somebody: an arm with such a strategy needs a fallback. */
  mayDecline(state: State): boolean;
  /** Every slot that a choice may set: two factors must not set the same one. */
  slotNames(state: State): readonly string[];
}

export interface Profile {
  readonly traits: Traits;
}

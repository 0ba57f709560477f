import { type Refusal, refuse } from '../refusal.js';

/** Decisions that were made with known probabilities, and what came of them; one entry for each decision. */
export interface PolicyLog {
  /** Finite. */
  readonly rewards: Float64Array;
  /** With what probability the logged action was chosen, in (0, 1]. */
  readonly probabilities: Float64Array;
}

/** What another policy would have done in the same situations. */
export interface PolicyView {
  /** With what probability it chooses the logged action, in [0, 1]. */
  readonly chosen: Float64Array;
  /**
   * Decisions in which it would do what had no chance of being done: its value there cannot be known from this log. 0 unless given.
   */
  readonly unsupported?: number;
  /** What a model of the rewards predicts; needed by the doubly robust estimate only. */
  readonly predicted?: {
    /** For the logged action. Not learned from the row itself: cross-fitted. */
    readonly logged: Float64Array;
    /** For the policy: the mean over its actions, weighted by its probabilities. */
    readonly policy: Float64Array;
  };
}

/** A refusal for a log, or a view of it, that is none. */
export function unfitForPolicy(log: PolicyLog, ...views: readonly PolicyView[]): Refusal | undefined {
  const rows = log.rewards.length;
  const lists = [
    log.probabilities,
    ...views.flatMap(({ chosen, predicted }) =>
      predicted ? [chosen, predicted.logged, predicted.policy] : [chosen],
    ),
  ];
  if (lists.some((list) => list.length !== rows)) {
    return refuse(
      'invalid_input',
      'Rewards, probabilities and policies must have an entry for each decision.',
    );
  }
  if (rows < 2)
    return refuse(
      'too_few',
      `There ${rows === 1 ? 'is 1 decision' : 'are no decisions'}: at least 2 are needed.`,
    );
  return (
    unlessAll(log.rewards, Number.isFinite, 'reward', 'a number') ??
    unlessAll(log.probabilities, (p) => p > 0 && p <= 1, 'logged probability', 'above 0 and at most 1') ??
    views
      .map(
        ({ chosen, predicted }) =>
          unlessAll(chosen, (p) => p >= 0 && p <= 1, 'probability under the policy', 'from 0 to 1') ??
          (predicted &&
            (unlessAll(predicted.logged, Number.isFinite, 'predicted reward', 'a number') ??
              unlessAll(predicted.policy, Number.isFinite, 'predicted reward', 'a number'))),
      )
      .find((one) => one !== undefined)
  );
}

function unlessAll(
  values: Float64Array,
  fits: (value: number) => boolean,
  what: string,
  must: string,
): Refusal | undefined {
  const bad = values.findIndex((value) => !fits(value));
  if (bad < 0) return undefined;
  return refuse('invalid_input', `The ${what} of row ${bad + 1} is ${values[bad]}: it must be ${must}.`);
}

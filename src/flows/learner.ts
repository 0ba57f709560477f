import { conflict, unavailable } from '../errors.js';
import type { Tell } from '../strategies/strategy.js';
import type { CheckedNow } from './check-model.js';
import type { CandidatesAnswer, CandidatesAsked } from './compare-candidates.js';
import type { ComparedModels, ModelPair } from './compare-models.js';
import type { Context } from './context.js';
import type { LearnedAndJudged } from './learn-strategy.js';

/** Work on what everybody did, which takes long. Plain JSON, so that another thread can do it. */
export type LearnerTask =
  | {
      readonly do: 'learn';
      /** `name@version` or `sha256:…` of the strategy. */
      readonly reference: string;
      readonly clock?: string;
      readonly seed?: string;
      readonly catalogue?: string;
      readonly by: string;
    }
  /** How the model in use of a strategy version does now. */
  | { readonly do: 'check'; readonly strategy: string }
  | { readonly do: 'compare'; readonly pair: ModelPair }
  | { readonly do: 'candidates'; readonly asked: CandidatesAsked };

export interface LearnerAnswers {
  readonly learn: LearnedAndJudged;
  readonly check: CheckedNow;
  readonly compare: ComparedModels;
  readonly candidates: CandidatesAnswer;
}

/** Does such work, one task at a time, beside those who are served. */
export interface Learner {
  /**
   * @param signal ends it; what it would have written is not.
   * @throws whatever the task throws; `Interrupted` where it was ended; `LearnerDied` where its thread did.
   */
  run<T extends LearnerTask>(task: T, tell: Tell, signal: AbortSignal): Promise<LearnerAnswers[T['do']]>;
  /** It ends what it does and takes on nothing more: the service is stopping. */
  readonly isClosing?: boolean;
  /** Work around its tasks that nobody waits for; closing waits until it has ended. */
  background(work: Promise<unknown>): void;
}

/** What a task works with. */
export type LearnerContext = Pick<Context, 'db' | 'clock'>;

/** What somebody who waited for a task is told where it was ended or its thread died; any other error as it is. */
export function toldToWaiter(error: unknown): unknown {
  if (error instanceof Interrupted)
    return unavailable(
      'learning_interrupted',
      'It was ended before it was done and has changed nothing. Start it again.',
    );
  return error instanceof LearnerDied ? conflict('learning_failed', error.message) : error;
}

/** It was ended before it was done, and has changed nothing. */
export class Interrupted extends Error {}

/** The thread ended by itself: out of memory, or a fault. What it would have written is not. */
export class LearnerDied extends Error {}

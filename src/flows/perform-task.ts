import type { Tell } from '../strategies/strategy.js';
import { checkModel } from './check-model.js';
import { compareCandidates } from './compare-candidates.js';
import { compareModels } from './compare-models.js';
import { learnStrategy } from './learn-strategy.js';
import {
  Interrupted,
  type Learner,
  type LearnerAnswers,
  type LearnerContext,
  type LearnerTask,
} from './learner.js';

/** Does a task in this thread. */
export async function performTask<T extends LearnerTask>(
  ctx: LearnerContext,
  task: T,
  tell: Tell,
): Promise<LearnerAnswers[T['do']]>;
export async function performTask(
  ctx: LearnerContext,
  task: LearnerTask,
  tell: Tell,
): Promise<LearnerAnswers[LearnerTask['do']]> {
  if (task.do === 'check') return checkModel(ctx, task.strategy, tell);
  if (task.do === 'candidates') return compareCandidates(ctx, task.asked, tell);
  if (task.do === 'compare') return compareModels(ctx, task.pair, tell);
  const { reference, clock, seed, catalogue, by } = task;
  const options = {
    ...(clock !== undefined && { clock: new Date(clock) }),
    ...(seed !== undefined && { seed }),
    ...(catalogue !== undefined && { catalogue }),
    by,
  };
  return learnStrategy(ctx, reference, options, tell);
}

/** A learner without a thread of its own: whoever calls waits. For tests and for programs that serve nobody. */
export function learnerHere(ctx: LearnerContext): Learner {
  return {
    run: (task, tell, signal) => {
      const tellOrEnd: Tell = (step, share) => {
        if (signal.aborted) throw new Interrupted();
        tell(step, share);
      };
      return performTask(ctx, task, tellOrEnd);
    },
    background: (work) => void work.catch(() => undefined),
  };
}

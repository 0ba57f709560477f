import type { Method } from '../method.js';
import { refuse, type OrRefusal, type Warning } from '../result.js';
import { impossibleSums, type OutcomeSums } from '../sums.js';

/** Fewer buyers than this make the t test of a revenue rough. */
const ENOUGH_BUYERS = 50n;

/** A recipient dominates whose outcome, taken this often, exceeds the sum of the arm: more than 5 % of it. */
const DOMINANT_TIMES = 20n;

/**
 * What makes a comparison of revenue fragile: `few_events` when an arm has fewer than 50 buyers (recipients with an
 * outcome other than zero), `dominant_recipient` when the largest outcome of an arm is more than 5 % of the arm's sum.
 * `largest` holds the largest outcome of each arm in the order of the arms; without it the second question is not
 * asked. Refuses `invalid_input` and `empty_arm`.
 */
export function revenueGuard(
  arms: readonly OutcomeSums[],
  largest?: readonly bigint[],
): OrRefusal<{ readonly warnings: readonly Warning[] }> {
  if (arms.length === 0 || (largest && largest.length !== arms.length)) {
    return refuse('invalid_input', 'There must be at least one arm, and one largest outcome for each arm.');
  }
  for (const [i, arm] of arms.entries()) {
    const impossible = impossibleSums(arm);
    if (impossible) return impossible;
    if (arm.n === 0n) return refuse('empty_arm', 'An arm has no recipients.');
    const top = largest?.[i];
    if (top !== undefined && impossibleLargest(arm, top)) {
      return refuse('invalid_input', 'The largest outcome of an arm does not fit its sums.');
    }
  }
  const few = arms.some(({ nonZero }) => nonZero < ENOUGH_BUYERS) ? [FEW_BUYERS] : [];
  const dominated = largest?.some((top, i) => top > 0n && top * DOMINANT_TIMES > (arms[i]?.sum ?? 0n));
  return { warnings: dominated ? [...few, DOMINATED] : few };
}

/** The largest is at least the mean, and no larger square than all squares together. */
function impossibleLargest({ n, sum, sumSquares }: OutcomeSums, top: bigint): boolean {
  return top * top > sumSquares || top * n < sum;
}

const FEW_BUYERS: Warning = {
  code: 'few_events',
  message: 'An arm has fewer than 50 buyers: a test of its mean is rough.',
};

const DOMINATED: Warning = {
  code: 'dominant_recipient',
  message: 'One recipient holds more than 5 % of the sum of an arm: look at the capped mean, too.',
};

export const revenueGuardMethod = {
  id: 'mean.revenue_guard',
  title: 'Warnings about few buyers and dominant recipients',
  needs: ['n', 'nonZero', 'sum', 'sumSquares', 'outcomes'],
  parameters: [{ name: 'largest', meaning: 'largest outcome of each arm, in the unit of the sums' }],
  reference: 'Rule of thumb: 50 buyers and 5 % of the sum',
  compute: revenueGuard,
} as const satisfies Method;

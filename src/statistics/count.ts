import { ratio } from './numerics/ratio.js';
import { refuse, type Refusal } from './result.js';

/** How many of `n` recipients did it. */
export interface Count {
  readonly successes: bigint;
  readonly n: bigint;
}

/** The rate, rounded once. Needs n >= 1. */
export function rate({ successes, n }: Count): number {
  return ratio(successes, n);
}

/** A refusal if an arm is empty (`empty_arm`) or its count impossible (`invalid_input`). */
export function impossibleCounts(counts: readonly Count[]): Refusal | undefined {
  for (const { successes, n } of counts) {
    if (n < 0n || successes < 0n || successes > n) {
      return refuse('invalid_input', 'A count must lie between zero and the number of recipients.');
    }
    if (n === 0n) return refuse('empty_arm', 'An arm has no recipients.');
  }
  return undefined;
}

/** p_treatment - p_control, the numerator taken exactly. */
export function rateDifference(control: Count, treatment: Count): number {
  return ratio(treatment.successes * control.n - control.successes * treatment.n, treatment.n * control.n);
}

/** Whether nobody, or everybody, in all of these arms did it. */
export function noVariation(counts: readonly Count[]): boolean {
  return (
    counts.every(({ successes }) => successes === 0n) || counts.every(({ successes, n }) => successes === n)
  );
}

import { rangeEnds } from './ranges.js';

/**
 * The exact share of recipients, 0 to 1, that would change arm if the weights went from `before` to `after`. Arms
 * are matched by index; an arm that only one side has counts as weight 0 on the other.
 */
export function movedShare(before: readonly number[], after: readonly number[]): number {
  const old = rangeEnds(before);
  const fresh = rangeEnds(after);
  let stay = 0;
  for (let arm = 0; arm < Math.min(old.length, fresh.length); arm += 1) {
    const start = Math.max(old[arm - 1] ?? 0, fresh[arm - 1] ?? 0);
    const end = Math.min(old[arm] ?? 0, fresh[arm] ?? 0);
    stay += Math.max(0, end - start);
  }
  // Whole numbers up to 2^32 over 2^32: nothing is rounded.
  return (2 ** 32 - stay) / 2 ** 32;
}

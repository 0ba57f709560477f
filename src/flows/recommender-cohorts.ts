import { bootstrapMean } from '../evaluation/bootstrap.js';
import { pairedDifference } from '../evaluation/ranking/compare-rankings.js';
import type { Estimate } from '../statistics/result.js';
import type { OrRefusal } from '../evaluation/refusal.js';

/** Recipients of whom about as much is known. */
export interface Cohort {
  /** Training interactions, both ends within; without `to`: and more. */
  readonly from: number;
  readonly to?: number;
  readonly recipients: number;
  readonly ndcg: OrRefusal<Estimate>;
  readonly difference?: OrRefusal<Estimate>;
}

/**
 * @param bounds rising: each cohort begins at one of them.
 * @param known of each recipient, how many interactions are learned from.
 * @param theirs of the method that is compared with, if any.
 */
export function cohortsOf(
  bounds: readonly number[],
  known: Int32Array,
  own: Float64Array,
  theirs: Float64Array | undefined,
  { seed, draws }: { readonly seed: string; readonly draws: number },
): Cohort[] {
  return bounds.map((from, i) => {
    const next = bounds[i + 1];
    const isIn = (_: number, recipient: number): boolean =>
      (known[recipient] as number) >= from && (next === undefined || (known[recipient] as number) < next);
    const values = own.filter(isIn);
    return {
      from,
      ...(next !== undefined && { to: next - 1 }),
      recipients: values.length,
      ndcg: bootstrapMean(values, seed, draws),
      ...(theirs && { difference: pairedDifference(values, theirs.filter(isIn), seed, draws) }),
    };
  });
}

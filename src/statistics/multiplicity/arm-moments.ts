import { refuse, type Refusal } from '../result.js';
import { variance, unknownSpread, type OutcomeSums } from '../sums.js';

/** Recipients, mean and sample variance of one arm, as publications and other tools report them. */
export interface ArmMoments {
  /** Whole, two or more. */
  readonly n: number;
  readonly mean: number;
  /** Sample variance, Σ(y - mean)² / (n - 1). */
  readonly variance: number;
}

/** A refusal unless every arm has two recipients or more, a finite mean and a finite variance of at least zero. */
export function unfitMoments(arms: readonly ArmMoments[]): Refusal | undefined {
  for (const { n, mean, variance: spread } of arms) {
    if (!(Number.isInteger(n) && n >= 0)) return refuse('invalid_input', 'n must be a whole number.');
    const unknown = unknownSpread({ n });
    if (unknown) return unknown;
    if (!Number.isFinite(mean)) return refuse('invalid_input', 'mean must be a finite number.');
    if (!(spread >= 0 && spread < Infinity)) {
      return refuse('invalid_input', 'variance must be a finite number of at least zero.');
    }
  }
  return undefined;
}

/** Total degrees of freedom, and the variance pooled over all arms with them. */
export function pooledVariance(arms: readonly { readonly n: number; readonly variance: number }[]) {
  const df = arms.reduce((sum, { n }) => sum + (n - 1), 0);
  const pooled = arms.reduce((sum, arm) => sum + ((arm.n - 1) / df) * arm.variance, 0);
  return { df, pooled };
}

/** Size and variance of an arm; its mean is left to differences that are taken exactly. */
export function spreadOf(arm: OutcomeSums) {
  return { n: Number(arm.n), variance: variance(arm) };
}

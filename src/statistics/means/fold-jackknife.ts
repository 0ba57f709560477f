import { impossibleLevel } from '../confidence.js';
import { studentT } from '../distributions/student-t.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, refuse, type Estimate, type OrRefusal } from '../result.js';
import { addSums, emptySums, type OutcomeSums } from '../sums.js';
import { meanUplift } from './fieller.js';
import { meanDifference } from './welch.js';

export interface FoldEstimate extends Estimate {
  /** Delete-one-fold standard error. */
  readonly se: number;
  /** The estimate without each fold, in the order of the folds. */
  readonly leftOut: readonly number[];
}

/** The sums of both arms in one fold. */
export interface FoldSums {
  readonly control: OutcomeSums;
  readonly treatment: OutcomeSums;
}

/**
 * Standard error of any statistic by leaving out one fold of recipients at a time: se² = (g - 1)/g Σ (θ₍ⱼ₎ - θ̄)², with
 * a t interval on g - 1 degrees of freedom. A check on every delta-method error, and the error of statistics that have
 * no formula. Folds come from a hash of the recipient (20 of them), so they are of nearly equal size. `estimate`
 * computes the statistic from the sums of the folds it is given; a refusal or a number that is not finite means there
 * is none. Refuses `too_few` (fewer than three folds, or no statistic without one of them), `no_variation` (all
 * statistics equal) and what `estimate` refuses for all folds. Quenouille (1956); Shao & Tu, The Jackknife and
 * Bootstrap, 2.3.
 */
export function foldJackknife<Sums>(
  folds: readonly Sums[],
  estimate: (folds: readonly Sums[]) => number | OrRefusal<{ readonly value: number }>,
  level: number,
): OrRefusal<FoldEstimate> {
  const impossible = impossibleLevel(level);
  if (impossible) return impossible;
  const g = folds.length;
  if (g < 3) return refuse('too_few', 'At least three folds are needed to see how an estimate varies.');
  const all = estimate(folds);
  if (typeof all !== 'number' && isRefusal(all)) return all;
  const value = typeof all === 'number' ? all : all.value;
  const leftOut = folds.map((_, j) => valueOf(estimate(folds.filter((_fold, i) => i !== j))));
  if (!Number.isFinite(value) || !leftOut.every(Number.isFinite)) {
    return refuse('too_few', 'Without one of the folds the estimate does not exist.');
  }
  // Taken from the first, so that equal estimates leave an exact zero.
  const moved = leftOut.map((one) => one - (leftOut[0] ?? NaN));
  const centre = moved.reduce((sum, one) => sum + one, 0) / g;
  const se = Math.sqrt((g - 1) / g) * Math.hypot(...moved.map((one) => one - centre));
  if (!(se > 0 && se < Infinity)) {
    return refuse('no_variation', 'The estimate is the same, or out of range, whatever fold is left out.');
  }
  const half = studentT.isf((1 - level) / 2, g - 1) * se;
  return { value, se, interval: { lower: value - half, upper: value + half, level }, leftOut };
}

function valueOf(answer: number | OrRefusal<{ readonly value: number }>): number {
  if (typeof answer === 'number') return answer;
  return isRefusal(answer) ? NaN : answer.value;
}

/** Difference of the means over folds, treatment minus control; NaN without recipients in an arm. */
export function foldMeanDifference(folds: readonly FoldSums[]): number {
  const { control, treatment } = total(folds);
  return control.n > 0n && treatment.n > 0n ? meanDifference(control, treatment) : NaN;
}

/** Uplift of the mean over folds; NaN without recipients in an arm or with a control sum of 0. */
export function foldMeanUplift(folds: readonly FoldSums[]): number {
  const { control, treatment } = total(folds);
  return control.n > 0n && treatment.n > 0n && control.sum !== 0n ? meanUplift(control, treatment) : NaN;
}

function total(folds: readonly FoldSums[]): FoldSums {
  return {
    control: folds.map((fold) => fold.control).reduce(addSums, emptySums),
    treatment: folds.map((fold) => fold.treatment).reduce(addSums, emptySums),
  };
}

export const foldJackknifeMethod = {
  id: 'mean.fold_jackknife',
  title: 'Delete-one-fold jackknife of any statistic',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [
    { name: 'estimate', meaning: 'computes the statistic from the sums of the folds it is given' },
    LEVEL,
  ],
  reference: 'Quenouille (1956); Shao & Tu, The Jackknife and Bootstrap (1995), 2.3',
  compute: foldJackknife,
} as const satisfies Method;

import { impossibleLevel } from '../confidence.js';
import { LEVEL, type Method } from '../method.js';
import { refuse, type OrRefusal } from '../result.js';
import { variance, tooLarge, type OutcomeSums } from '../sums.js';
import { testedEstimate } from '../tested-estimate.js';
import { meanDifference, unfitForMeans, type MeanComparison } from './welch.js';

/**
 * Student's t test of two means with one variance pooled from both arms, and the interval that belongs to it, which
 * excludes 0 exactly when p < 1 - level. It assumes that the arms spread alike; Welch's test does not and is the
 * default. Refuses `invalid_input`, `empty_arm`, `too_few` (an arm with fewer than two recipients) and `no_variation`
 * (all outcomes equal within both arms). Student (1908); Fisher (1925).
 */
export function student(
  control: OutcomeSums,
  treatment: OutcomeSums,
  level: number,
): OrRefusal<MeanComparison> {
  const impossible = impossibleLevel(level) ?? unfitForMeans([control, treatment]);
  if (impossible) return impossible;
  const [free, other] = [Number(control.n - 1n), Number(treatment.n - 1n)];
  const df = free + other;
  const pooled = (free / df) * variance(control) + (other / df) * variance(treatment);
  if (pooled === 0) return refuse('no_variation', 'All outcomes are equal within both arms.');
  const value = meanDifference(control, treatment);
  const se = Math.sqrt(pooled) * Math.sqrt(1 / Number(control.n) + 1 / Number(treatment.n));
  if (!Number.isFinite(value) || !Number.isFinite(se)) {
    return tooLarge;
  }
  const { estimate, test } = testedEstimate({ value, se, df }, level, 'mean.student');
  return { difference: estimate, test };
}

export const studentMethod = {
  id: 'mean.student',
  title: "Student's t test of two means (for comparison)",
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Student (1908); Fisher (1925)',
  compute: student,
} as const satisfies Method;

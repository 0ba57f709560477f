import { impossibleLevel } from '../confidence.js';
import { studentT } from '../distributions/student-t.js';
import { LEVEL, type Method } from '../method.js';
import { refuse, type Estimate, type OrRefusal } from '../result.js';
import { impossibleSums, mean, meanVariance, type OutcomeSums } from '../sums.js';

/**
 * The mean of one arm with its t interval, in the outcome's own units.
 * Refuses `invalid_input`, `empty_arm`, `too_few` (fewer than two recipients), `no_variation` (all outcomes equal).
 */
export function meanInterval(sums: OutcomeSums, level: number): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level) ?? impossibleSums(sums);
  if (impossible) return impossible;
  if (sums.n === 0n) return refuse('empty_arm', 'The arm has no recipients.');
  if (sums.n < 2n) return refuse('too_few', 'One recipient says nothing about the spread of outcomes.');
  const se = Math.sqrt(meanVariance(sums));
  if (se === 0) return refuse('no_variation', 'All outcomes are equal, so their spread is unknown.');
  const value = mean(sums);
  const half = studentT.isf((1 - level) / 2, Number(sums.n - 1n)) * se;
  return { value, se, interval: { lower: value - half, upper: value + half, level } };
}

export const meanIntervalMethod = {
  id: 'mean.interval',
  title: 'Mean of one arm with t interval',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Student (1908)',
  compute: meanInterval,
} as const satisfies Method;

import { emptyCrossSums, type CrossSums } from '../statistics/cross-sums.js';
import { refuse, type OrRefusal } from '../statistics/result.js';
import type { MetricSums, ReportMetricInput } from './report-input.js';

/** The cross sums that a metric needs: outcome, denominator, covariate. An arm that nobody is in has empty ones. */
export function crossOf(
  metric: Pick<ReportMetricInput, 'denominator' | 'covariate'>,
  sums: MetricSums,
): OrRefusal<CrossSums> {
  const outcomes = 1 + (metric.denominator === undefined ? 0 : 1) + (metric.covariate === undefined ? 0 : 1);
  const { cross } = sums;
  if (!cross) return sums.n === 0n ? emptyCrossSums(outcomes) : notKnown;
  return cross.sums.length === outcomes && cross.n === sums.n ? cross : notKnown;
}

const notKnown = refuse(
  'invalid_input',
  'What the outcome is divided by, or adjusted for, is not known of everybody in an arm.',
);

/** The cross sums of the first outcomes alone. */
export function firstOf({ n, sums, products }: CrossSums, outcomes: number): CrossSums {
  return { n, sums: sums.slice(0, outcomes), products: products.slice(0, outcomes) };
}

/** The cross sums of the outcome and what stands last, the covariate. */
export function outcomeAndCovariate({ n, sums, products }: CrossSums): CrossSums {
  const last = sums.length - 1;
  const [y = 0n, x = 0n] = [sums[0], sums[last]];
  const at = (i: number, j: number): bigint => products[i]?.[j] ?? 0n;
  return { n, sums: [y, x], products: [[at(0, 0)], [at(last, 0), at(last, last)]] };
}

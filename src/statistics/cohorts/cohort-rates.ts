import { impossibleCounts, noVariation, rateDifference, type Count } from '../count.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal } from '../result.js';
import type { CohortEffect } from './pool.js';

/** The two arms within one cohort. */
export interface RatePair {
  readonly control: Count;
  readonly treatment: Count;
}

/**
 * Differences of two rates in disjoint cohorts, with the standard errors that they would have if the difference were
 * the same everywhere, as a test of that asks for. The common difference is Mantel & Haenszel's; the rates of a cohort
 * are its pooled one, with one success and one failure added, set apart by it. An arm's own rate p(1 - p)/n would give
 * the most weight to the arms that happened to have the fewest successes. Refuses `invalid_input`, `empty_arm` and
 * `no_variation` (nobody or everybody did it, in all cohorts). Greenland & Robins (1985).
 */
export function cohortRates(pairs: readonly RatePair[]): OrRefusal<CohortEffect[]> {
  const arms = pairs.flatMap(({ control, treatment }) => [control, treatment]);
  const impossible = impossibleCounts(arms);
  if (impossible) return impossible;
  if (noVariation(arms)) return refuse('no_variation', 'Nobody or everybody in these cohorts did it.');
  const common = commonDifference(pairs);
  return pairs.map((pair) => ({
    value: rateDifference(pair.control, pair.treatment),
    se: Math.sqrt(varianceAt(pair, common)),
  }));
}

/** Σ w d / Σ w with w = n₀n₁/N, which no outcome can move. */
function commonDifference(pairs: readonly RatePair[]): number {
  let [sum, weights] = [0, 0];
  for (const { control, treatment } of pairs) {
    const weight = 1 / (1 / Number(control.n) + 1 / Number(treatment.n));
    sum += weight * rateDifference(control, treatment);
    weights += weight;
  }
  return sum / weights;
}

/** Variance of a cohort's difference if the rates were `difference` apart around the pooled rate. */
function varianceAt({ control, treatment }: RatePair, difference: number): number {
  const [n0, n1] = [Number(control.n), Number(treatment.n)];
  const n = n0 + n1;
  const least = 1 / (n + 2);
  const pooled = (Number(control.successes + treatment.successes) + 1) * least;
  const within = (p: number) => Math.min(1 - least, Math.max(least, p));
  const p0 = within(pooled - (difference * n1) / n);
  const p1 = within(pooled + (difference * n0) / n);
  return (p0 * (1 - p0)) / n0 + (p1 * (1 - p1)) / n1;
}

export const cohortRatesMethod = {
  id: 'cohort.rates',
  title: 'Differences of two rates in cohorts, as the comparison of cohorts weighs them',
  needs: ['n', 'nonZero'],
  parameters: [],
  reference: 'Greenland & Robins (1985)',
  compute: cohortRates,
} as const satisfies Method;

import { impossibleLevel } from '../confidence.js';
import { cellMoments, unfitCells, weightedMean, type CellKind } from '../factorial/cell-moments.js';
import { LEVEL, type Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { fewEvents } from '../proportions/smoothed-rate.js';
import { refuse, isRefusal, type OrRefusal } from '../result.js';
import { tooLarge, type OutcomeSums } from '../sums.js';
import { testedEstimate, type TestedEstimate } from '../tested-estimate.js';

export interface PoststratifiedResult extends TestedEstimate {
  /** Share of each cohort in the estimate; they add up to 1. */
  readonly weights: readonly number[];
}

/**
 * An overall effect put together from those of disjoint cohorts: Σ W d, with each cohort's contrast d of its arms (by
 * default the second less the first) and its share W of all recipients, or of `mix`. Chance imbalance of the cohorts
 * between arms drops out, so it is a little more precise than the plain difference. The mix counts as fixed; the test
 * is a z test, and the interval excludes 0 exactly when p < 1 - level. Warns `few_events`. Refuses `invalid_input`,
 * `too_few` (no cohorts, or one recipient where means are compared), `missing_cell` (an arm that a cohort lacks) and
 * `no_variation`. Miratrix, Sekhon & Yu (2013).
 */
export function poststratified(
  kind: CellKind,
  cohorts: readonly (readonly OutcomeSums[])[],
  level: number,
  coefficients: readonly number[] = [-1, 1],
  mix?: readonly number[],
): OrRefusal<PoststratifiedResult> {
  const weights = impossibleLevel(level) ?? sharesOf(cohorts, mix);
  if (isRefusal(weights)) return weights;
  let [value, variance] = [0, 0];
  for (const [i, arms] of cohorts.entries()) {
    const weight = weights[i] ?? 0;
    if (weight === 0) continue;
    const unfit = unfitCells(kind, arms, [coefficients]);
    if (unfit) return unfit;
    const moments = cellMoments(kind, arms);
    value += weight * weightedMean(moments, coefficients);
    moments.variances.forEach((v, arm) => (variance += (weight * (coefficients[arm] ?? 0)) ** 2 * v));
  }
  if (variance === 0) return refuse('no_variation', 'The outcomes in these cohorts do not vary.');
  if (!(variance < Infinity)) return tooLarge;
  const counts = cohorts.flat().map(({ sum, n }) => ({ successes: sum, n }));
  const warnings = kind === 'proportion' ? fewEvents(counts) : [];
  const method = kind === 'mean' ? 'cohort.poststratified_means' : 'cohort.poststratified_rates';
  const moments = { value, se: Math.sqrt(variance), df: Infinity };
  const { estimate, test } = testedEstimate(moments, level, method, warnings);
  return { estimate, test, weights };
}

/** Shares of the recipients, or of a mix that is known otherwise. */
function sharesOf(
  cohorts: readonly (readonly OutcomeSums[])[],
  mix?: readonly number[],
): OrRefusal<number[]> {
  if (cohorts.length === 0) return refuse('too_few', 'There are no cohorts.');
  if (mix === undefined) {
    const sizes = cohorts.map((arms) => arms.reduce((sum, { n }) => sum + n, 0n));
    const all = sizes.reduce((sum, n) => sum + n, 0n);
    if (sizes.some((n) => n < 0n))
      return refuse('invalid_input', 'A cohort cannot have fewer than no recipients.');
    return all === 0n
      ? refuse('too_few', 'The cohorts have no recipients.')
      : sizes.map((n) => ratio(n, all));
  }
  const total = mix.reduce((sum, share) => sum + share, 0);
  if (
    mix.length !== cohorts.length ||
    !mix.every((share) => share >= 0) ||
    !(total > 0 && total < Infinity)
  ) {
    return refuse('invalid_input', 'mix must hold one share per cohort, none below 0 and not all 0.');
  }
  return mix.map((share) => share / total);
}

const PARAMETERS = [
  LEVEL,
  { name: 'coefficients', meaning: 'one per arm; [-1, 1] for treatment less control' },
  {
    name: 'mix',
    meaning: 'shares of the cohorts in the population meant; those of the recipients if left out',
  },
] as const;

export const poststratifiedRatesMethod = {
  id: 'cohort.poststratified_rates',
  title: 'Difference of rates over cohorts in a fixed mix',
  needs: ['n', 'nonZero'],
  parameters: PARAMETERS,
  reference: 'Miratrix, Sekhon & Yu (2013)',
  compute: (
    cohorts: readonly (readonly OutcomeSums[])[],
    level: number,
    coefficients?: readonly number[],
    mix?: readonly number[],
  ) => poststratified('proportion', cohorts, level, coefficients, mix),
} as const satisfies Method;

export const poststratifiedMeansMethod = {
  id: 'cohort.poststratified_means',
  title: 'Difference of means over cohorts in a fixed mix',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: PARAMETERS,
  reference: 'Miratrix, Sekhon & Yu (2013)',
  compute: (
    cohorts: readonly (readonly OutcomeSums[])[],
    level: number,
    coefficients?: readonly number[],
    mix?: readonly number[],
  ) => poststratified('mean', cohorts, level, coefficients, mix),
} as const satisfies Method;

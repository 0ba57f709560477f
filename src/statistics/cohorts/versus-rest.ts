import { impossibleLevel } from '../confidence.js';
import { LEVEL, type Method } from '../method.js';
import { benjaminiHochberg } from '../multiplicity/benjamini-hochberg.js';
import { benjaminiYekutieli } from '../multiplicity/benjamini-yekutieli.js';
import { holm } from '../multiplicity/holm.js';
import { isRefusal, type EstimateWithSe, type OrRefusal, type TestResult } from '../result.js';
import { testedEstimate } from '../tested-estimate.js';
import { pool, unfitEffects, type CohortEffect } from './pool.js';

/** One cohort's effect less that of the others; the interval is not adjusted for the number of cohorts. */
export interface CohortContrast {
  readonly difference: EstimateWithSe;
  readonly test: TestResult;
}

/** One p-value per cohort, corrected for their number. */
export interface CohortScan {
  readonly cohorts: readonly CohortContrast[];
  /** False discovery rate: Benjamini & Hochberg for disjoint cohorts, Benjamini & Yekutieli for overlapping ones. */
  readonly discovery: readonly number[];
  readonly holm: readonly number[];
}

/**
 * Each of several disjoint cohorts against the pooled effect of the others: a z test, to find where an effect differs
 * once it is known to differ (exploratory). An interval excludes 0 exactly when its unadjusted p < 1 - level. Refuses
 * `too_few` (under two cohorts) and `invalid_input`. Benjamini & Hochberg (1995); Holm (1979).
 */
export function versusRest(effects: readonly CohortEffect[], level: number): OrRefusal<CohortScan> {
  const unfit = impossibleLevel(level) ?? unfitEffects(effects, 2);
  if (unfit) return unfit;
  const cohorts = effects.map((effect, i) => {
    const others = effects.filter((_, j) => j !== i);
    return compareEffects(pool(others, 0), effect, level, 'cohort.versus_rest');
  });
  return scan(cohorts, benjaminiHochberg);
}

/** A cohort's effect and that of everybody who is not in it. */
export interface InsideOutside {
  readonly inside: CohortEffect;
  readonly outside: CohortEffect;
}

/**
 * Cohorts that share recipients ("opened last month", "lives in Berlin"): each against those outside of it. Their
 * effects hang together, so there is no common test of heterogeneity, and the false discovery rate is Benjamini &
 * Yekutieli's, which holds however they do. Refuses `too_few` (none) and `invalid_input`. Benjamini & Yekutieli (2001).
 */
export function overlappingCohorts(pairs: readonly InsideOutside[], level: number): OrRefusal<CohortScan> {
  const both = pairs.flatMap(({ inside, outside }) => [inside, outside]);
  const unfit = impossibleLevel(level) ?? unfitEffects(both, 1);
  if (unfit) return unfit;
  const cohorts = pairs.map(({ inside, outside }) =>
    compareEffects(outside, inside, level, 'cohort.overlapping'),
  );
  return scan(cohorts, benjaminiYekutieli);
}

/** Difference of two independent effects, second less first, with its z test. */
export function compareEffects(
  from: CohortEffect,
  to: CohortEffect,
  level: number,
  method: string,
): CohortContrast {
  const difference = { value: to.value - from.value, se: Math.hypot(from.se, to.se), df: Infinity };
  const { estimate, test } = testedEstimate(difference, level, method);
  return { difference: estimate, test };
}

function scan(cohorts: readonly CohortContrast[], discover: typeof benjaminiHochberg): OrRefusal<CohortScan> {
  const logPs = cohorts.map(({ test }) => test.logP);
  const discovery = discover(logPs);
  const family = holm(logPs);
  if (isRefusal(discovery)) return discovery;
  if (isRefusal(family)) return family;
  return { cohorts, discovery: discovery.p, holm: family.p };
}

export const versusRestMethod = {
  id: 'cohort.versus_rest',
  title: 'Each cohort against the others',
  needs: ['effects'],
  parameters: [LEVEL],
  reference: 'Benjamini & Hochberg (1995); Holm (1979)',
  compute: versusRest,
} as const satisfies Method;

export const overlappingCohortsMethod = {
  id: 'cohort.overlapping',
  title: 'Overlapping cohorts, each against those outside of it',
  needs: ['effects'],
  parameters: [LEVEL],
  reference: 'Benjamini & Yekutieli (2001)',
  compute: overlappingCohorts,
} as const satisfies Method;

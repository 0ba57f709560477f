import { chiSquaredTest } from '../chi-squared-test.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal, type TestResult } from '../result.js';
import { pauleMandel } from './between-variance.js';
import { generalizedQ, pool, unfitEffects, type CohortEffect } from './pool.js';

export interface Heterogeneity {
  /** Cochran's Q: do the cohorts differ at all? */
  readonly test: TestResult;
  /** Share of the variation between cohorts that chance does not explain, in [0, 1). */
  readonly iSquared: number;
  /** Variance of the true effects (Paule & Mandel). */
  readonly tauSquared: number;
  /** Under five cohorts: iSquared and tauSquared say next to nothing, and a report says "too few" in their place. */
  readonly tooFew: boolean;
  /** One effect for all, weighted by precision. */
  readonly fixed: CohortEffect;
  /** Mean of the effects if they truly differ. */
  readonly random: CohortEffect;
  /** Each cohort's effect pulled towards the mean as far as its own uncertainty asks; in input order. */
  readonly shrunk: readonly CohortEffect[];
}

/** From this many cohorts on, the spread of their effects can be estimated at all. */
const ENOUGH = 5;

/**
 * Whether an effect differs between disjoint cohorts, by how much, and the best guess for each. The standard error of a
 * shrunk effect holds the uncertainty of the mean but not of tau². Refuses `too_few` (under two cohorts) and
 * `invalid_input` (a standard error that is not above zero). Cochran (1954); Paule & Mandel (1982); Efron & Morris
 * (1975).
 */
export function heterogeneity(effects: readonly CohortEffect[]): OrRefusal<Heterogeneity> {
  const unfit = unfitEffects(effects, 2);
  if (unfit) return unfit;
  const fixed = pool(effects, 0);
  const q = generalizedQ(effects, 0);
  if (!Number.isFinite(q)) {
    return refuse('invalid_input', 'The effects and standard errors are too far apart to be compared.');
  }
  const df = effects.length - 1;
  const tauSquared = pauleMandel(effects);
  const random = pool(effects, tauSquared);
  return {
    test: chiSquaredTest('cohort.heterogeneity', q, df),
    iSquared: q > df ? (q - df) / q : 0,
    tauSquared,
    tooFew: effects.length < ENOUGH,
    fixed,
    random,
    shrunk: effects.map((effect) => shrink(effect, random, tauSquared)),
  };
}

function shrink({ value, se }: CohortEffect, mean: CohortEffect, tauSquared: number): CohortEffect {
  const pull = (se * se) / (se * se + tauSquared);
  const variance = (1 - pull) * se * se + (pull * mean.se) ** 2;
  return { value: pull * mean.value + (1 - pull) * value, se: Math.sqrt(variance) };
}

export const heterogeneityMethod = {
  id: 'cohort.heterogeneity',
  title: 'Differences of an effect between cohorts, and shrunken effects',
  needs: ['effects'],
  parameters: [],
  reference: 'Cochran (1954); Paule & Mandel (1982)',
  compute: heterogeneity,
} as const satisfies Method;

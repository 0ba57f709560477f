import { chiSquared } from '../distributions/chi-squared.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal, type TestResult } from '../result.js';
import type { Method } from '../method.js';

/** An effect measured in one cohort, with its standard error. */
export interface CohortEffect {
  readonly value: number;
  readonly se: number;
}

export interface Heterogeneity {
  /** Cochran's Q: do the cohorts differ at all? */
  readonly test: TestResult;
  /** Share of the variation between cohorts that chance does not explain, in [0, 1). */
  readonly iSquared: number;
  /** Variance of the true effects (Paule & Mandel). */
  readonly tauSquared: number;
  /** One effect for all, weighted by precision. */
  readonly fixed: CohortEffect;
  /** Mean of the effects if they truly differ. */
  readonly random: CohortEffect;
  /** Each cohort's effect pulled towards the mean as far as its own uncertainty asks; in input order. */
  readonly shrunk: readonly CohortEffect[];
}

/**
 * Whether an effect differs between disjoint cohorts, by how much, and the best guess for each. The standard error of a
 * shrunk effect holds the uncertainty of the mean but not of tau². Refuses `too_few` (under two cohorts) and
 * `invalid_input` (a standard error that is not above zero). Cochran (1954); Paule & Mandel (1982); Efron & Morris (1975).
 */
export function heterogeneity(effects: readonly CohortEffect[]): OrRefusal<Heterogeneity> {
  if (effects.length < 2) return refuse('too_few', 'Differences between cohorts need at least two cohorts.');
  if (!effects.every(({ value, se }) => Number.isFinite(value) && se > 0 && se < Infinity)) {
    return refuse('invalid_input', 'Every cohort needs an effect and a standard error above zero.');
  }
  const fixed = pool(effects, 0);
  const q = excess(effects, 0);
  if (!Number.isFinite(q)) {
    return refuse('invalid_input', 'The effects and standard errors are too far apart to be compared.');
  }
  const df = effects.length - 1;
  const tauSquared = pauleMandel(effects, df);
  const random = pool(effects, tauSquared);
  const logP = chiSquared.logSf(q, df);
  const test = {
    method: 'cohort.heterogeneity',
    statistic: q,
    df: [df],
    p: chiSquared.sf(q, df),
    logP,
    warnings: [],
  };
  return {
    test,
    iSquared: q > df ? (q - df) / q : 0,
    tauSquared,
    fixed,
    random,
    shrunk: effects.map((effect) => shrink(effect, random, tauSquared)),
  };
}

function pool(effects: readonly CohortEffect[], tauSquared: number): CohortEffect {
  const weights = effects.map(({ se }) => 1 / (se * se + tauSquared));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const value = effects.reduce((sum, effect, i) => sum + effect.value * ((weights[i] ?? 0) / total), 0);
  return { value, se: Math.sqrt(1 / total) };
}

/** Weighted squared distances from the pooled effect. */
function excess(effects: readonly CohortEffect[], tauSquared: number): number {
  const centre = pool(effects, tauSquared).value;
  return effects.reduce((sum, { value, se }) => sum + (value - centre) ** 2 / (se * se + tauSquared), 0);
}

/** The tau² at which the excess equals its degrees of freedom; 0 if it never exceeds them. */
function pauleMandel(effects: readonly CohortEffect[], df: number): number {
  const gap = (tauSquared: number) => excess(effects, tauSquared) - df;
  if (gap(0) <= 0) return 0;
  let high = Math.max(...effects.map(({ se }) => se * se));
  while (gap(high) > 0) high *= 4;
  return findRoot(gap, 0, high);
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

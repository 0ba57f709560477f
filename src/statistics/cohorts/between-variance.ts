import type { Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal } from '../result.js';
import { generalizedQ, pool, unfitEffects, type CohortEffect } from './pool.js';

/** Three estimates of tau², the variance of the true effects between cohorts. None is below 0. */
export interface BetweenVariance {
  readonly pauleMandel: number;
  readonly derSimonianLaird: number;
  readonly restrictedLikelihood: number;
}

/**
 * How much the true effects of disjoint cohorts vary, as three schools estimate it; `heterogeneity` uses the first, the
 * others are for comparison with other tools. Refuses `too_few` (under two cohorts) and `invalid_input`.
 * Paule & Mandel (1982); DerSimonian & Laird (1986); Viechtbauer (2005).
 */
export function betweenVariance(effects: readonly CohortEffect[]): OrRefusal<BetweenVariance> {
  const unfit = unfitEffects(effects, 2);
  if (unfit) return unfit;
  if (!Number.isFinite(generalizedQ(effects, 0))) {
    return refuse('invalid_input', 'The effects and standard errors are too far apart to be compared.');
  }
  return {
    pauleMandel: pauleMandel(effects),
    derSimonianLaird: derSimonianLaird(effects),
    restrictedLikelihood: restrictedLikelihood(effects),
  };
}

/**
 * The tau² at which the generalized Q equals its degrees of freedom; 0 if it never exceeds them. Paule & Mandel (1982).
 */
export function pauleMandel(effects: readonly CohortEffect[]): number {
  const gap = (tauSquared: number) => generalizedQ(effects, tauSquared) - (effects.length - 1);
  if (gap(0) <= 0) return 0;
  let high = Math.max(...effects.map(({ se }) => se * se));
  while (gap(high) > 0) high *= 4;
  return findRoot(gap, 0, high);
}

/** What Cochran's Q exceeds its degrees of freedom by, on the scale of the effects. DerSimonian & Laird (1986). */
function derSimonianLaird(effects: readonly CohortEffect[]): number {
  const { scale, weights } = relativeWeights(effects, 0);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const freed = weights.reduce((sum, w) => sum + w * (1 - w / total), 0);
  return Math.max(0, ((generalizedQ(effects, 0) - (effects.length - 1)) / freed) * scale);
}

/**
 * Restricted maximum likelihood: where the derivative of the likelihood is zero, going up or down from the plain
 * variance of the effects less their mean squared error, as Viechtbauer (2005) starts; 0 if the likelihood only falls.
 */
function restrictedLikelihood(effects: readonly CohortEffect[]): number {
  const scale = Math.max(...effects.map(({ se }) => se * se));
  const slope = (tauSquared: number) => likelihoodSlope(effects, tauSquared);
  const start = hedges(effects);
  if (slope(start) > 0) {
    let high = Math.max(start, scale) * 2;
    while (slope(high) > 0) high *= 2;
    return findRoot(slope, start, high);
  }
  let low = start / 2;
  while (low > 1e-12 * scale && slope(low) <= 0) low /= 2;
  if (slope(low) > 0) return findRoot(slope, low, start);
  return slope(0) > 0 ? findRoot(slope, 0, low) : 0;
}

/** Proportional to the derivative of the restricted log likelihood by tau². */
function likelihoodSlope(effects: readonly CohortEffect[], tauSquared: number): number {
  const { scale, weights } = relativeWeights(effects, tauSquared);
  const centre = pool(effects, tauSquared).value;
  let [distance, total, squares] = [0, 0, 0];
  effects.forEach(({ value }, i) => {
    const w = weights[i] ?? 0;
    distance += (w * (value - centre)) ** 2;
    total += w;
    squares += w * w;
  });
  return distance - scale * (total - squares / total);
}

/** Variance of the effects less their mean squared error, at least 0. Hedges & Olkin (1985). */
function hedges(effects: readonly CohortEffect[]): number {
  const k = effects.length;
  const mean = effects.reduce((sum, { value }) => sum + value / k, 0);
  const variance = effects.reduce((sum, { value }) => sum + (value - mean) ** 2 / (k - 1), 0);
  return Math.max(0, variance - effects.reduce((sum, { se }) => sum + (se * se) / k, 0));
}

/** Weights as shares of the largest, so that their squares stay within the range of doubles. */
function relativeWeights(effects: readonly CohortEffect[], tauSquared: number) {
  const scale = Math.min(...effects.map(({ se }) => se * se)) + tauSquared;
  return { scale, weights: effects.map(({ se }) => scale / (se * se + tauSquared)) };
}

export const betweenVarianceMethod = {
  id: 'cohort.between_variance',
  title: 'How much an effect varies between cohorts, by three schools',
  needs: ['effects'],
  parameters: [],
  reference: 'Paule & Mandel (1982); DerSimonian & Laird (1986); Viechtbauer (2005)',
  compute: betweenVariance,
} as const satisfies Method;

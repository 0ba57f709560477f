import type { Count } from '../count.js';
import type { Method } from '../method.js';
import { logistic } from '../numerics/logistic.js';
import { refuse, type OrRefusal, type Warning } from '../result.js';
import { integratePanels, PLAIN } from './adaptive-integral.js';
import { PRIOR } from './beta-binomial.js';
import {
  posterior,
  posteriorMean,
  posteriorMeanDifference,
  priorWarnings,
  priorWeight,
  unfitForBeta,
  type BetaPrior,
} from './beta-prior.js';
import { logitBeta, type BetaShape } from './logit-beta.js';

export interface ArmOutlook {
  /** Chance that this arm's rate is the highest of all, in [0, 1]; they sum to 1. */
  readonly probabilityBest: number;
  /** By how much the best rate is above this arm's, on average: what choosing this arm costs. */
  readonly loss: number;
  /** Posterior mean of the rate. */
  readonly mean: number;
  /** Share of the prior in that mean. */
  readonly priorWeight: number;
}

export interface BetaBinomialMultiResult {
  /** In the order of the arms given. */
  readonly arms: readonly ArmOutlook[];
  readonly warnings: readonly Warning[];
}

/**
 * Two or more rates with the same Beta(a, b) prior: each arm's chance to be the best and its expected loss
 * E[max] - mean. By quadrature over the bulk of the largest rate, to about 1e-13 of 1. The loss of the arm with the
 * highest mean is integrated directly, those of the others follow from the exact differences of means.
 * Refuses `too_few` (under two arms), `invalid_input` and `empty_arm`; warns `strong_prior`.
 */
export function betaBinomialMulti(
  arms: readonly Count[],
  prior: BetaPrior,
): OrRefusal<BetaBinomialMultiResult> {
  if (arms.length < 2) return refuse('too_few', 'The best of the arms needs at least two arms.');
  const unfit = unfitForBeta(arms, prior);
  if (unfit) return unfit;
  const shapes = arms.map((arm) => posterior(arm, prior));
  const ranges = shapes.map(logitBeta.bulk);
  const leader = highest(arms, prior);
  const noise = Math.max(...shapes.map(logitBeta.noise)) * 2;
  const integrals = integratePanels(outlook(shapes, ranges, leader), breaks(shapes, ranges, leader), noise);
  const loss = integrals[arms.length] ?? NaN;
  const total = integrals.slice(0, arms.length).reduce((sum, value) => sum + value, 0);
  const best = arms[leader];
  return {
    arms: arms.map((arm, k) => ({
      probabilityBest: (integrals[k] ?? NaN) / total,
      loss: loss + (best && k !== leader ? Math.max(0, posteriorMeanDifference(arm, best, prior)) : 0),
      mean: posteriorMean(shapes[k] ?? { a: NaN, b: NaN }),
      priorWeight: priorWeight(arm, prior),
    })),
    warnings: priorWarnings(arms.map((arm) => priorWeight(arm, prior))),
  };
}

/** Index of the arm with the highest posterior mean. */
function highest(arms: readonly Count[], prior: BetaPrior): number {
  return arms.reduce((best, arm, k) => {
    const leading = arms[best];
    return leading && posteriorMeanDifference(leading, arm, prior) > 0 ? k : best;
  }, 0);
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * At logit s: for every arm the density of being the largest there, f_k Π F_j, and at the end the density of the
 * leader's loss, P(leader <= x) P(largest of the others > x).
 */
function outlook(
  shapes: readonly BetaShape[],
  ranges: readonly Range[],
  leader: number,
): (s: number) => readonly number[] {
  return (s) => {
    // An arm whose whole bulk lies below s changes nothing.
    const logs = shapes.map((shape, j) => (s > (ranges[j]?.high ?? NaN) ? 0 : logitBeta.logCdf(s, shape)));
    const all = logs.reduce((sum, log) => sum + log, 0);
    const chances = shapes.map((shape, k) =>
      s > (ranges[k]?.high ?? NaN) ? 0 : Math.exp(logitBeta.logDensity(s, shape) + all - (logs[k] ?? 0)),
    );
    const own = logs[leader] ?? 0;
    return [...chances, -Math.exp(own) * Math.expm1(all - own) * logistic(s) * logistic(-s)];
  };
}

/** Where the largest rate, and the leader's loss, can lie: the bulks of all arms in view, cut at their middles. */
function breaks(shapes: readonly BetaShape[], ranges: readonly Range[], leader: number): number[] {
  const low = Math.min(Math.max(...ranges.map((range) => range.low)), ranges[leader]?.low ?? NaN);
  const high = Math.max(...ranges.map((range) => range.high));
  const cuts = shapes
    .flatMap((shape, k) => {
      const spread = Math.min(1, logitBeta.spread(shape));
      return [ranges[k]?.low ?? NaN, logitBeta.mode(shape), ranges[k]?.high ?? NaN].map((at) => ({
        at,
        spread,
      }));
    })
    .concat([-PLAIN, PLAIN].map((at) => ({ at, spread: 0 })))
    .filter(({ at }) => at > low && at < high)
    .toSorted((one, two) => one.at - two.at);
  const kept = [low];
  for (const { at, spread } of cuts) if (at - (kept.at(-1) ?? low) > 3 * spread) kept.push(at);
  return [...kept, high];
}

export const betaBinomialMultiMethod = {
  id: 'bayes.beta_binomial_multi',
  title: 'Chance of each arm to have the best rate, and what a wrong choice costs',
  needs: ['n', 'nonZero'],
  parameters: [PRIOR],
  reference: 'Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), 2.4',
  compute: betaBinomialMulti,
} as const satisfies Method;

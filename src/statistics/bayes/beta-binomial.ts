import { impossibleLevel } from '../confidence.js';
import type { Count } from '../count.js';
import { beta } from '../distributions/beta.js';
import { logOneMinusExp } from '../distributions/tails.js';
import { LEVEL, type Method, type Parameter } from '../method.js';
import { logLogistic, logistic } from '../numerics/logistic.js';
import type { Estimate, OrRefusal, Warning } from '../result.js';
import { logIntegral, type Concave } from './adaptive-integral.js';
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

/** A probability and its natural logarithm, which stays useful where the probability underflows to 0. */
export interface Chance {
  readonly probability: number;
  readonly log: number;
}

/** Expected loss of choosing an arm: by how much the other is better on average, counting 0 where it is not. */
export interface ExpectedLoss {
  readonly chooseControl: number;
  readonly chooseTreatment: number;
}

export interface BetaBinomialResult {
  /** That the rate in treatment is above the rate in control. */
  readonly treatmentBetter: Chance;
  readonly controlBetter: Chance;
  /** In units of the rate. */
  readonly loss: ExpectedLoss;
  /** Posterior mean with equal-tailed credible interval. */
  readonly control: Estimate;
  readonly treatment: Estimate;
  /** Share of the prior in each posterior mean, in (0, 1). */
  readonly priorWeight: { readonly control: number; readonly treatment: number };
  readonly warnings: readonly Warning[];
}

export const PRIOR: Parameter = {
  name: 'prior',
  meaning: 'beta prior of every arm: `a` and `b` pseudo-recipients who did it and who did not, each above 0',
};

/**
 * Two rates with the same Beta(a, b) prior: the chance that treatment is better, what either choice costs on average,
 * and both posteriors. Integrated by quadrature, never simulated, so the same data give the same digits; the smaller of
 * two complementary chances, and the smaller loss, are integrated as such and keep their digits down to exp(-1e6).
 * The chance is not an error rate: looked at often enough it passes any threshold, so it explains and does not decide.
 * Refuses `invalid_input` and `empty_arm`; warns `strong_prior` when the prior outweighs the data of an arm.
 * Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4; loss as E[(A - B)+] = ∫ P(B <= x) P(A > x) dx.
 */
export function betaBinomial(
  control: Count,
  treatment: Count,
  prior: BetaPrior,
  level: number,
): OrRefusal<BetaBinomialResult> {
  const unfit = impossibleLevel(level) ?? unfitForBeta([control, treatment], prior);
  if (unfit) return unfit;
  const [c, t] = [posterior(control, prior), posterior(treatment, prior)];
  const logAbove = logChanceAbove(t, c);
  const logBelow = logChanceAbove(c, t);
  const gain = posteriorMeanDifference(control, treatment, prior);
  const [better, worse] = gain >= 0 ? [t, c] : [c, t];
  const smaller = expectedExcess(worse, better);
  const larger = smaller + Math.abs(gain);
  const weight = { control: priorWeight(control, prior), treatment: priorWeight(treatment, prior) };
  return {
    ...complementary(logAbove, logBelow),
    loss:
      gain >= 0
        ? { chooseTreatment: smaller, chooseControl: larger }
        : { chooseTreatment: larger, chooseControl: smaller },
    control: credible(c, level),
    treatment: credible(t, level),
    priorWeight: weight,
    warnings: priorWarnings(Object.values(weight)),
  };
}

/** The smaller one is taken as it is, the larger one as its complement, so that they sum to 1. */
function complementary(
  logAbove: number,
  logBelow: number,
): Pick<BetaBinomialResult, 'treatmentBetter' | 'controlBetter'> {
  const chance = (log: number, other: number): Chance =>
    log <= other
      ? { probability: Math.exp(log), log }
      : { probability: -Math.expm1(other), log: logOneMinusExp(other) };
  return { treatmentBetter: chance(logAbove, logBelow), controlBetter: chance(logBelow, logAbove) };
}

/** log P(one > two) = log ∫ f_one F_two. */
function logChanceAbove(one: BetaShape, two: BetaShape): number {
  const value = (s: number) => logitBeta.logDensity(s, one) + logitBeta.logCdf(s, two);
  const slope = (s: number) => logitBeta.slope(s, one) + hazard(logitBeta.logCdf(s, two), s, two);
  return Math.min(
    0,
    logIntegral({ value, slope, ...roughness(one, two) }, logitBeta.mode(one), narrower(one, two)),
  );
}

/** E[(one - two)+] = ∫ P(two <= x) P(one > x) dx: all of it positive, so nothing cancels however small it is. */
function expectedExcess(one: BetaShape, two: BetaShape): number {
  const value = (s: number) =>
    logitBeta.logCdf(s, two) + logitBeta.logSf(s, one) + logLogistic(s) + logLogistic(-s);
  const slope = (s: number) =>
    hazard(logitBeta.logCdf(s, two), s, two) - hazard(logitBeta.logSf(s, one), s, one) + 1 - 2 * logistic(s);
  const start = (logitBeta.mode(one) + logitBeta.mode(two)) / 2;
  return Math.exp(logIntegral({ value, slope, ...roughness(one, two) }, start, narrower(one, two)));
}

/** Density over tail. */
function hazard(logTail: number, s: number, shape: BetaShape): number {
  return Math.exp(logitBeta.logDensity(s, shape) - logTail);
}

function roughness(one: BetaShape, two: BetaShape): Pick<Concave, 'noise' | 'bends'> {
  return {
    noise: logitBeta.noise(one) + logitBeta.noise(two),
    bends: [...logitBeta.bends(one), ...logitBeta.bends(two)],
  };
}

function narrower(one: BetaShape, two: BetaShape): number {
  return Math.min(logitBeta.spread(one), logitBeta.spread(two));
}

function credible(shape: BetaShape, level: number): Estimate {
  const tail = (1 - level) / 2;
  const lower = beta.quantile(tail, shape.a, shape.b);
  // At a level of next to nothing the two differ by rounding only.
  const upper = Math.max(lower, beta.isf(tail, shape.a, shape.b));
  return { value: posteriorMean(shape), interval: { lower, upper, level } };
}

export const betaBinomialMethod = {
  id: 'bayes.beta_binomial',
  title: 'Chance that one of two rates is better, and what a wrong choice costs',
  needs: ['n', 'nonZero'],
  parameters: [PRIOR, LEVEL],
  reference: 'Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), 2.4',
  compute: betaBinomial,
} as const satisfies Method;

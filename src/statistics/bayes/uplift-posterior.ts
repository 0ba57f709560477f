import { impossibleLevel } from '../confidence.js';
import type { Count } from '../count.js';
import { logOneMinusExp } from '../distributions/tails.js';
import { LEVEL, type Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { logLogistic } from '../numerics/logistic.js';
import type { Estimate, OrRefusal, Warning } from '../result.js';
import { integratePanels, PLAIN } from './adaptive-integral.js';
import { PRIOR } from './beta-binomial.js';
import { posterior, priorWarnings, priorWeight, unfitForBeta, type BetaPrior } from './beta-prior.js';
import { logitBeta, type BetaShape } from './logit-beta.js';

export interface UpliftPosterior {
  /** Posterior median of rate(treatment) / rate(control) - 1 with its equal-tailed credible interval. */
  readonly uplift: Estimate;
  readonly warnings: readonly Warning[];
}

/**
 * What is believed of the uplift of a rate, both rates with the same Beta(a, b) prior: posterior median and
 * equal-tailed interval, by quadrature and root finding. With nobody in control the upper limit may be very large, even
 * infinite (warns `unbounded_interval`). Refuses `invalid_input` and `empty_arm`; warns `strong_prior`.
 * Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4.
 */
export function upliftPosterior(
  control: Count,
  treatment: Count,
  prior: BetaPrior,
  level: number,
): OrRefusal<UpliftPosterior> {
  const unfit = impossibleLevel(level) ?? unfitForBeta([control, treatment], prior);
  if (unfit) return unfit;
  const [c, t] = [posterior(control, prior), posterior(treatment, prior)];
  const tail = (1 - level) / 2;
  const value = Math.expm1(logRatioQuantile(c, t, 0.5, 'lower'));
  // At a level of next to nothing all three are the same number but for rounding.
  const lower = Math.min(value, Math.expm1(logRatioQuantile(c, t, tail, 'lower')));
  const upper = Math.max(value, Math.expm1(logRatioQuantile(c, t, tail, 'upper')));
  const warnings = priorWarnings([control, treatment].map((arm) => priorWeight(arm, prior)));
  return {
    uplift: { value, interval: { lower, upper, level } },
    warnings: upper < Infinity ? warnings : [...warnings, UNBOUNDED],
  };
}

const UNBOUNDED = {
  code: 'unbounded_interval',
  message: 'So little is known of the rate in control that the uplift has no upper limit.',
} as const;

type Side = 'lower' | 'upper';

/** log of the ratio of the rates that has the given probability on that side. */
function logRatioQuantile(control: BetaShape, treatment: BetaShape, p: number, side: Side): number {
  const [own, other] = [logitBeta.bulk(control), logitBeta.bulk(treatment)];
  const tail = tailOfRatio(control, treatment, side);
  const least = logLogistic(other.low) - logLogistic(own.high);
  const most = logLogistic(other.high) - logLogistic(own.low);
  return findRoot((logRatio) => tail(logRatio) - p, least, most);
}

/** P(treatment / control <= ratio), or that it is above: ∫ density of control times tail of treatment. */
function tailOfRatio(control: BetaShape, treatment: BetaShape, side: Side): (logRatio: number) => number {
  const tail = side === 'lower' ? logitBeta.logCdf : logitBeta.logSf;
  const beyond = side === 'lower' ? 0 : -Infinity;
  const [own, other] = [logitBeta.bulk(control), logitBeta.bulk(treatment)];
  const marks = [other.low, logitBeta.mode(treatment), other.high];
  const noise = logitBeta.noise(control) + logitBeta.noise(treatment);
  return (logRatio) => {
    const density = (s: number): number => {
      const at = logitOf(logRatio + logLogistic(s));
      return Math.exp(logitBeta.logDensity(s, control) + (at === undefined ? beyond : tail(at, treatment)));
    };
    const steps = marks.map((s) => logitOf(logLogistic(s) - logRatio)).filter((s) => s !== undefined);
    const inside = [logitBeta.mode(control), -PLAIN, PLAIN, ...steps].filter(
      (s) => s > own.low && s < own.high,
    );
    const breaks = [own.low, ...inside.toSorted((a, b) => a - b), own.high];
    const [p = 0] = integratePanels((s) => [density(s)], breaks, noise);
    return p;
  };
}

/** The logit of a rate with this logarithm; undefined for rates of 1 and above. */
function logitOf(logRate: number): number | undefined {
  return logRate < 0 ? logRate - logOneMinusExp(logRate) : undefined;
}

export const upliftPosteriorMethod = {
  id: 'bayes.uplift',
  title: 'Credible interval of the uplift of a rate',
  needs: ['n', 'nonZero'],
  parameters: [PRIOR, LEVEL],
  reference: 'Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), 2.4',
  compute: upliftPosterior,
} as const satisfies Method;

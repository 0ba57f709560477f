import { impossibleLevel } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method, type Parameter } from '../method.js';
import {
  refuse,
  type EstimateWithSe,
  type OrRefusal,
  type Refusal,
  type Warning,
  type ValueWithSe,
} from '../result.js';
import type { Chance, ExpectedLoss } from './beta-binomial.js';
import { priorWarnings } from './beta-prior.js';

/** What was believed of an effect before the data. */
export interface NormalPrior {
  readonly mean: number;
  readonly sd: number;
}

export interface NormalResult {
  /** Posterior mean and standard deviation of the effect, with the equal-tailed credible interval. */
  readonly effect: EstimateWithSe;
  readonly treatmentBetter: Chance;
  readonly controlBetter: Chance;
  /** In units of the effect. */
  readonly loss: ExpectedLoss;
  /** Share of the prior in the posterior mean, in [0, 1]. */
  readonly priorWeight: number;
  readonly warnings: readonly Warning[];
}

const NORMAL_PRIOR: Parameter = {
  name: 'prior',
  meaning:
    'mean and standard deviation (above 0) of the effect before the data, for instance 0 and 0.1 for an uplift',
};

/**
 * A normal estimate of an effect under a normal prior: posterior, chance that the true effect is above zero, and what
 * either choice costs on average. `prior` and `estimate` must be of the same kind, both uplifts or both differences.
 * The chance is not an error rate and never decides alone. Refuses `invalid_input`; warns `strong_prior`.
 * Gelman et al., Bayesian Data Analysis, 3rd ed., 2.5; the loss is the unit normal loss of Raiffa & Schlaifer (1961).
 */
export function normalPosterior(
  prior: NormalPrior,
  estimate: ValueWithSe,
  level: number,
): OrRefusal<NormalResult> {
  const unfit = impossibleLevel(level) ?? unfitForNormal(prior, [estimate]);
  if (unfit) return unfit;
  const priorWeight = shareOfPrior(prior.sd, estimate.se);
  const dataWeight = shareOfPrior(estimate.se, prior.sd);
  const value = priorWeight * prior.mean + dataWeight * estimate.value;
  const se = Math.min(prior.sd, estimate.se) * Math.sqrt(Math.max(priorWeight, dataWeight));
  const z = value / se;
  const half = normal.isf((1 - level) / 2) * se;
  if (![value, se, z].every(Number.isFinite) || se === 0) {
    return refuse('invalid_input', 'The prior and the estimate are too far apart to be compared.');
  }
  return {
    effect: { value, se, interval: { lower: value - half, upper: value + half, level } },
    treatmentBetter: { probability: normal.cdf(z), log: normal.logCdf(z) },
    controlBetter: { probability: normal.sf(z), log: normal.logSf(z) },
    loss: { chooseTreatment: se * unitNormalLoss(z), chooseControl: se * unitNormalLoss(-z) },
    priorWeight,
    warnings: priorWarnings([priorWeight]),
  };
}

/** A refusal (`invalid_input`) unless prior and estimates are finite, with standard deviations above zero. */
function unfitForNormal(prior: NormalPrior, estimates: readonly ValueWithSe[]): Refusal | undefined {
  if (!(prior.sd > 0 && prior.sd < Infinity) || !Number.isFinite(prior.mean)) {
    return refuse(
      'invalid_input',
      'A normal prior needs a mean and a standard deviation above zero (prior).',
    );
  }
  if (!estimates.every(({ value, se }) => Number.isFinite(value) && se > 0 && se < Infinity)) {
    return refuse('invalid_input', 'An estimate needs a value and a standard error above zero.');
  }
  return undefined;
}

/** se² / (se² + sd²), without overflow. */
function shareOfPrior(sd: number, se: number): number {
  return 1 / (1 + (sd / se) ** 2);
}

/** E[(-Z - z)+] = φ(z) - z Φ(-z) for standard normal Z. */
export function unitNormalLoss(z: number): number {
  if (z < 3) return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) - z * normal.sf(z);
  // Those two cancel where z is large; their difference is Φ(-z) / (z + 2/(z + 3/(z + ...))).
  let fraction = z;
  for (let k = FRACTIONS; k >= 2; k -= 1) fraction = z + k / fraction;
  return normal.sf(z) / fraction;
}

/** Enough for all digits at z = 3 and beyond. */
const FRACTIONS = 80;

export const normalMethod = {
  id: 'bayes.normal',
  title: 'Posterior of an effect under a normal prior',
  needs: ['effects'],
  parameters: [NORMAL_PRIOR, LEVEL],
  reference: 'Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), 2.5; Raiffa & Schlaifer (1961)',
  compute: normalPosterior,
} as const satisfies Method;

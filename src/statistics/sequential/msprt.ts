import { agreeWithTest, impossibleAlpha } from '../confidence.js';
import { ALPHA, type Method } from '../method.js';
import { refuse, type EstimateWithSe, type OrRefusal, type TestResult, type ValueWithSe } from '../result.js';
import { unfitEstimate } from './confidence-sequence.js';
import { logMixtureRatio, mixtureBound } from './normal-mixture.js';

export interface MsprtResult {
  readonly estimate: EstimateWithSe;
  readonly test: TestResult;
  /** log of the mixture likelihood ratio Λ; p = min(1, 1/Λ). */
  readonly logRatio: number;
  readonly halfWidth: number;
}

/**
 * Mixture sequential probability ratio test of "no effect" with normal effects of standard deviation `tau` (in the
 * estimate's own units): the statistic of `confidenceSequence` with τ² in place of nρ²se². With a constant tau the
 * p-value is valid at any look; the interval excludes 0 exactly when p < alpha. Refuses `invalid_input` and
 * `no_variation` (standard error 0). Johari, Koomen, Pekelis & Walsh (2022), Operations Research.
 */
export function msprt(estimate: ValueWithSe, tau: number, alpha: number): OrRefusal<MsprtResult> {
  const impossible = impossibleAlpha(alpha);
  if (impossible) return impossible;
  if (!(tau > 0 && tau < Infinity)) return refuse('invalid_input', 'tau must be above zero.');
  const unfit = unfitEstimate(estimate);
  if (unfit) return unfit;
  const { value, se } = estimate;
  const m = (tau / se) ** 2;
  if (!(m > 0 && m < Infinity)) {
    return refuse('invalid_input', 'tau and the standard error must be within 150 powers of ten.');
  }
  const statistic = value / se;
  const logRatio = logMixtureRatio(statistic, m);
  const logP = Math.min(0, -logRatio) + 0;
  const p = Math.exp(logP);
  const halfWidth = se * mixtureBound(m, alpha);
  const sides = { lower: value - halfWidth, upper: value + halfWidth, level: 1 - alpha };
  return {
    estimate: { value, se, interval: agreeWithTest(sides, p < alpha) },
    test: { method: 'sequential.msprt', statistic, df: [], p, logP, warnings: [] },
    logRatio,
    halfWidth,
  };
}

export const msprtMethod = {
  id: 'sequential.msprt',
  title: 'Mixture sequential probability ratio test',
  needs: ['effects'],
  parameters: [
    { name: 'tau', meaning: "standard deviation of plausible effects, above zero, in the estimate's units" },
    ALPHA,
  ],
  reference: 'Johari, Koomen, Pekelis & Walsh (2022)',
  compute: msprt,
} as const satisfies Method;

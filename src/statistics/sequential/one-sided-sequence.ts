import { agreeWithTest } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import type { Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type EstimateWithSe, type OrRefusal, type TestResult } from '../result.js';
import {
  FAR,
  PLANNED_N,
  TOO_WIDE,
  unfitForSequence,
  type SequentialEstimate,
} from './confidence-sequence.js';
import { approximateTuning, logMixtureRatio, mixtureBound } from './normal-mixture.js';

/** Which way harm lies: complaints increase, revenue decreases. */
export type Direction = 'increase' | 'decrease';

export interface OneSidedSequenceResult {
  /** The interval is bounded on the side of no effect only. */
  readonly estimate: EstimateWithSe;
  /** One-sided; `p` stays valid whenever somebody looks. */
  readonly test: TestResult;
  readonly significant: boolean;
  readonly halfWidth: number;
}

const SIGNS: ReadonlyMap<string, 1 | -1> = new Map([
  ['increase', 1],
  ['decrease', -1],
]);

/**
 * One-sided asymptotic confidence sequence, to watch a guardrail for harm at any time: is the effect really in
 * `direction`? Half-normal mixture, log Λ = log(2Φ(z√(m/(1+m)))) + z²m/(2(1+m)) - log(1+m)/2 with m = nρ², z counted in
 * `direction` and ρ tuned at 2 alpha; p = min(1, 1/Λ), and the bound is the effect at which Λ = 1/alpha, so it leaves
 * out 0 exactly when p < alpha. For a margin, subtract it from the estimate. Refuses and warns as `confidenceSequence`,
 * and alpha must be below 1/2. Robbins (1970); Waudby-Smith et al. (2024), appendix on one-sided sequences.
 */
export function oneSidedSequence(
  estimate: SequentialEstimate,
  direction: Direction,
  plannedN: number,
  alpha: number,
): OrRefusal<OneSidedSequenceResult> {
  const unfit = unfitForSequence(estimate, plannedN, alpha, 0.5);
  if (unfit) return unfit;
  const sign = SIGNS.get(direction);
  if (sign === undefined) return refuse('invalid_input', "direction must be 'increase' or 'decrease'.");
  const { value, se } = estimate;
  const m = (Number(estimate.n) / plannedN) * approximateTuning(2 * alpha);
  const statistic = value / se;
  const logP = Math.min(0, -logHalfMixtureRatio(sign * statistic, m)) + 0;
  const p = Math.exp(logP);
  const bound = oneSidedBound(m, alpha);
  const halfWidth = se * bound;
  const sides =
    sign > 0
      ? { lower: value - halfWidth, upper: Infinity, level: 1 - alpha }
      : { lower: -Infinity, upper: value + halfWidth, level: 1 - alpha };
  const optimum = oneSidedBound(approximateTuning(2 * alpha), alpha);
  return {
    estimate: { value, se, interval: agreeWithTest(sides, p < alpha) },
    test: {
      method: 'sequential.one_sided_sequence',
      statistic,
      df: [],
      p,
      logP,
      warnings: bound > TOO_WIDE * optimum ? [FAR] : [],
    },
    significant: p < alpha,
    halfWidth,
  };
}

/** log Λ; below zero for every z <= 0. */
function logHalfMixtureRatio(z: number, m: number): number {
  if (z <= 0) return -Math.log1p(m) / 2;
  return logMixtureRatio(z, m) + Math.LN2 + normal.logCdf(z * Math.sqrt(m / (1 + m)));
}

/** The z at which Λ = 1/alpha; Λ is at least the two-sided ratio there, so that bound is too high. */
function oneSidedBound(m: number, alpha: number): number {
  const highest = mixtureBound(m, alpha);
  if (highest === Infinity) return Infinity;
  return findRoot((z) => logHalfMixtureRatio(z, m) + Math.log(alpha), 0, highest * (1 + 1e-12));
}

export const oneSidedSequenceMethod = {
  id: 'sequential.one_sided_sequence',
  title: 'One-sided confidence sequence for harm',
  needs: ['effects', 'n'],
  parameters: [
    { name: 'direction', meaning: 'where harm lies: `increase` or `decrease`' },
    PLANNED_N,
    { name: 'alpha', meaning: 'one-sided significance level in (0, 0.5), for example 0.01' },
  ],
  reference: 'Robbins (1970); Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024)',
  compute: oneSidedSequence,
} as const satisfies Method;

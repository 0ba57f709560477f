import { agreeWithTest } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { ALPHA, type Method } from '../method.js';
import {
  refuse,
  type EstimateWithSe,
  type OrRefusal,
  type Refusal,
  type TestResult,
  type ValueWithSe,
} from '../result.js';
import { approximateTuning, exactTuning, logMixtureRatio, mixtureBound } from './normal-mixture.js';

/** An estimate that may be looked at again and again: a difference, a CUPED estimate, a ratio, a contrast. */
export interface SequentialEstimate extends ValueWithSe {
  /** Recipients it rests on, all arms together. */
  readonly n: bigint;
  /** Recipients with an event in each arm, where the outcome has events. */
  readonly events?: readonly bigint[];
}

export interface ConfidenceSequenceResult {
  /** The interval holds at all looks together. */
  readonly estimate: EstimateWithSe;
  /** `p` stays valid however often, and whenever, somebody looks; the statistic is z. */
  readonly test: TestResult;
  readonly significant: boolean;
  readonly halfWidth: number;
  /** Half the width of the ordinary interval, which allows for one look only. */
  readonly fixedHalfWidth: number;
  /** Tuning for the planned number of recipients, as used. */
  readonly rho: number;
}

/** Fewer recipients or events than this are too few for a method that is right in large samples. */
const LEAST_RECIPIENTS = 200n;
const LEAST_EVENTS = 25n;

/** A sequence this much wider than it could be for its n was tuned for another n. */
export const TOO_WIDE = 1.5;

/**
 * Asymptotic confidence sequence, two-sided normal mixture, for looking at any time: half width
 * se √(2 (m + 1)/m · log(√(m + 1)/α)) with m = nρ² and ρ tuned for `plannedN` recipients in all, and the always-valid
 * p-value that belongs to it; the interval excludes 0 exactly when p < alpha. Warns `far_from_planned` when it is more
 * than 1.5 times as wide as one tuned for n. Refuses `invalid_input`, `too_few` (n < 200, or fewer than 25 events in an
 * arm where events are given) and `no_variation` (standard error 0). Not for weights that follow the outcomes
 * (bandits). Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), Annals of Statistics.
 */
export function confidenceSequence(
  estimate: SequentialEstimate,
  plannedN: number,
  alpha: number,
): OrRefusal<ConfidenceSequenceResult> {
  const unfit = unfitForSequence(estimate, plannedN, alpha, 1);
  if (unfit) return unfit;
  const { value, se } = estimate;
  const rho = sequenceTuning(plannedN, alpha).approximate;
  const m = Number(estimate.n) * rho * rho;
  const statistic = value / se;
  const logP = Math.min(0, -logMixtureRatio(statistic, m)) + 0;
  const p = Math.exp(logP);
  const halfWidth = se * mixtureBound(m, alpha);
  const significant = p < alpha;
  const sides = { lower: value - halfWidth, upper: value + halfWidth, level: 1 - alpha };
  const warnings = mixtureBound(m, alpha) > TOO_WIDE * Math.sqrt(1 + exactTuning(alpha)) ? [FAR] : [];
  return {
    estimate: { value, se, interval: agreeWithTest(sides, significant) },
    test: { method: 'sequential.confidence_sequence', statistic, df: [], p, logP, warnings },
    significant,
    halfWidth,
    fixedHalfWidth: se * normal.isf(alpha / 2),
    rho,
  };
}

export const FAR = {
  code: 'far_from_planned',
  message:
    'The number of recipients is far from the planned one: the interval is much wider than it could be.',
} as const;

/**
 * ρ that makes the sequence narrowest at `plannedN` recipients: the closed form that is used, and the exact optimum.
 * Needs plannedN > 0 and alpha in (0, 1).
 */
export function sequenceTuning(plannedN: number, alpha: number): { approximate: number; exact: number } {
  return {
    approximate: Math.sqrt(approximateTuning(alpha) / plannedN),
    exact: Math.sqrt(exactTuning(alpha) / plannedN),
  };
}

/** A refusal unless an estimate with such settings can be watched; `mostAlpha` is 1 or, for one side, 1/2. */
export function unfitForSequence(
  { value, se, n, events = [] }: SequentialEstimate,
  plannedN: number,
  alpha: number,
  mostAlpha: number,
): Refusal | undefined {
  if (!(alpha > 0 && alpha < mostAlpha))
    return refuse('invalid_input', `alpha must lie between 0 and ${mostAlpha}.`);
  if (!(Number.isInteger(plannedN) && plannedN >= 1))
    return refuse('invalid_input', 'plannedN must be a whole number of recipients, at least 1.');
  if (n < 0n || events.some((count) => count < 0n || count > n))
    return refuse('invalid_input', 'Events must lie between zero and the number of recipients.');
  const unfit = unfitEstimate({ value, se });
  if (unfit) return unfit;
  if (n < LEAST_RECIPIENTS) return refuse('too_few', 'A confidence sequence needs at least 200 recipients.');
  if (events.some((count) => count < LEAST_EVENTS))
    return refuse('too_few', 'A confidence sequence needs at least 25 events in every arm.');
  return undefined;
}

/** A refusal unless the value is finite and its standard error above zero. */
export function unfitEstimate({ value, se }: ValueWithSe): Refusal | undefined {
  if (!Number.isFinite(value) || !(se >= 0 && se < Infinity))
    return refuse('invalid_input', 'An estimate needs a finite value and a standard error of zero or more.');
  if (se === 0) return refuse('no_variation', 'The standard error is zero: the outcomes do not vary.');
  return undefined;
}

export const PLANNED_N = {
  name: 'plannedN',
  meaning: 'recipients of all arms at which the interval shall be narrowest, a whole number',
} as const;

export const confidenceSequenceMethod = {
  id: 'sequential.confidence_sequence',
  title: 'Confidence sequence for looking at any time',
  needs: ['effects', 'n'],
  parameters: [PLANNED_N, ALPHA],
  reference: 'Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024)',
  compute: confidenceSequence,
} as const satisfies Method;

import { noncentralT } from '../distributions/noncentral-t.js';
import { studentT } from '../distributions/student-t.js';
import type { Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { isRefusal, refuse, type OrRefusal, type Refusal } from '../result.js';
import {
  armSizes,
  PLAN,
  unfitErrorRates,
  unfitSizes,
  unfitTest,
  type ArmSizes,
  type ErrorRates,
  type Power,
  type TestPlan,
} from './error-rates.js';
import { solveSize } from './solve-size.js';

/** Two means that a t test shall tell apart. */
export interface PlannedMeans {
  /** Standard deviation of the outcome, in its own units, the same in both arms. */
  readonly sd: number;
  /** Difference of the means worth finding, in the same units; only its size counts. */
  readonly difference: number;
  /** Recipients in treatment per recipient in control; 1 if left out. */
  readonly ratio?: number;
  /** Counts a rejection on the wrong side as success too, as `strict` of R does; false if left out. */
  readonly strict?: boolean;
}

export interface MeanDesign extends PlannedMeans, Omit<TestPlan, 'critical'> {
  /** Recipients in control. */
  readonly n: number;
}

export type MeanPlan = PlannedMeans & Omit<ErrorRates, 'critical'>;

export interface DifferencePlan extends Omit<ErrorRates, 'critical'>, Omit<PlannedMeans, 'difference'> {
  /** Recipients in control. */
  readonly n: number;
}

export interface DetectableDifference {
  /** In the outcome's units. */
  readonly difference: number;
}

/**
 * The chance that a t test finds a difference of two means, by the noncentral t distribution (R's power.t.test).
 * Needs at least two recipients in each arm; refuses `invalid_input`.
 */
export function powerMeans(plan: MeanDesign): OrRefusal<Power> {
  const { n, ratio = 1 } = plan;
  const unfit = unfitMeans(plan) ?? unfitTest(plan, ratio) ?? unfitSizes(n / 2, (n * ratio) / 2);
  return unfit ?? { power: chanceToSee(plan, n, standardised(plan)) };
}

/**
 * Recipients per arm to find a difference of two means with a t test; a real number of at least 2, so round up.
 * Solves the noncentral t distribution for n, as R's power.t.test. Refuses `invalid_input`.
 */
export function sampleSizeMeans(plan: MeanPlan): OrRefusal<ArmSizes> {
  const { ratio = 1, power } = plan;
  const unfit = unfitMeans(plan) ?? unfitErrorRates(plan, ratio);
  if (unfit) return unfit;
  if (plan.difference === 0) return refuse('invalid_input', 'Plan with a difference other than zero.');
  const least = 2 * Math.max(1, 1 / ratio);
  const solved = solveSize((n) => chanceToSee(plan, n, standardised(plan)), power, least);
  return isRefusal(solved) ? solved : armSizes(solved.n, ratio, plan);
}

/** The smallest difference of two means that a t test finds with the wanted power. Refuses `invalid_input`. */
export function detectableDifference(plan: DifferencePlan): OrRefusal<DetectableDifference> {
  const { n, ratio = 1, power, sd, inflation = 1 } = plan;
  const pair = { ...plan, difference: 0 };
  const unfit =
    unfitMeans(pair) ??
    unfitErrorRates(plan, ratio) ??
    unfitSizes(n / inflation / 2, (n * ratio) / inflation / 2);
  if (unfit) return unfit;
  const gap = (size: number) => chanceToSee(pair, n / inflation, size) - power;
  const unit = Math.sqrt((1 + 1 / ratio) / (n / inflation));
  if (gap(0) >= 0) return refuse('invalid_input', 'The power must be larger than that of chance.');
  let enough = unit;
  while (gap(enough) < 0) enough *= 2;
  return { difference: findRoot(gap, 0, enough) * sd };
}

/** Difference in standard deviations. */
function standardised({ sd, difference }: PlannedMeans): number {
  return Math.abs(difference) / sd;
}

function chanceToSee({ alpha, ratio = 1, strict }: Omit<MeanDesign, 'n'>, n: number, size: number): number {
  const df = n * (1 + ratio) - 2;
  const critical = studentT.isf(alpha / 2, df);
  const ncp = size * Math.sqrt(n / (1 + 1 / ratio));
  const right = noncentralT.sf(critical, df, ncp);
  return strict ? right + noncentralT.cdf(-critical, df, ncp) : right;
}

function unfitMeans({ sd, difference }: PlannedMeans): Refusal | undefined {
  const possible = sd > 0 && sd < Infinity && Math.abs(difference) / sd < 1e6;
  if (possible) return undefined;
  return refuse(
    'invalid_input',
    'Plan with a spread above zero and a difference that is not absurdly larger.',
  );
}

const shared = {
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'power.t.test of R; Johnson, Kotz & Balakrishnan (1995), ch. 31',
} as const;

export const powerMeansMethod = {
  ...shared,
  id: 'plan.power_means',
  title: 'Power to tell two means apart',
  compute: powerMeans,
} as const satisfies Method;

export const sampleSizeMeansMethod = {
  ...shared,
  id: 'plan.sample_size_means',
  title: 'Recipients needed to tell two means apart',
  compute: sampleSizeMeans,
} as const satisfies Method;

export const detectableDifferenceMethod = {
  ...shared,
  id: 'plan.detectable_difference',
  title: 'Smallest difference of two means that can be found',
  compute: detectableDifference,
} as const satisfies Method;

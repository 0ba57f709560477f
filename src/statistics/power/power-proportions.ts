import { normal } from '../distributions/normal.js';
import type { Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import {
  criticalValue,
  PLAN,
  unfitErrorRates,
  unfitSizes,
  unfitTest,
  type ErrorRates,
  type Power,
  type TestPlan,
} from './error-rates.js';

/** Two rates that a test shall tell apart. */
export interface PlannedRates {
  /** Rate in control, in (0, 1). */
  readonly baseline: number;
  /** Rate in treatment, in (0, 1). */
  readonly treatment: number;
  /** Recipients in treatment per recipient in control; 1 if left out. */
  readonly ratio?: number;
  /** Counts a rejection on the wrong side as success too, as `strict` of R does; false if left out. */
  readonly strict?: boolean;
}

export interface ProportionDesign extends PlannedRates, TestPlan {
  /** Recipients in control. */
  readonly n: number;
}

export interface RatePlan extends ErrorRates, Omit<PlannedRates, 'treatment'> {
  /** Recipients in control. */
  readonly n: number;
  /** Whether a higher or a lower rate shall be found; `increase` if left out. */
  readonly direction?: 'increase' | 'decrease';
}

export interface DetectableRate {
  readonly rate: number;
  /** rate / baseline - 1 */
  readonly uplift: number;
}

/**
 * The chance that Pearson's test finds the difference of two rates, with `n` recipients in control: pooled variance
 * under no effect, separate variances under the effect, as R's power.prop.test. Refuses `baseline_zero` and
 * `invalid_input`.
 */
export function powerProportions(plan: ProportionDesign): OrRefusal<Power> {
  const { n, ratio = 1 } = plan;
  const unfit = unfitRates(plan) ?? unfitSizes(n, n * ratio) ?? unfitTest(plan, ratio);
  return unfit ?? { power: chanceToSee(plan, criticalValue(plan), Math.sqrt(n)) };
}

/**
 * The smallest rate above (or the largest below) the baseline that is found with the wanted power.
 * Refuses `baseline_zero`, `invalid_input`, and `too_few` when not even a rate of 1 (or 0) would be found.
 */
export function detectableRate(plan: RatePlan): OrRefusal<DetectableRate> {
  const { baseline, n, power, ratio = 1, direction = 'increase' } = plan;
  const rates = { ...plan, treatment: 0.5 };
  const unfit = unfitRates(rates) ?? unfitSizes(n, n * ratio) ?? unfitErrorRates(plan, ratio);
  if (unfit) return unfit;
  const root = Math.sqrt(n / (plan.inflation ?? 1));
  const gap = (treatment: number) => chanceToSee({ ...plan, treatment }, criticalValue(plan), root) - power;
  const furthest = direction === 'increase' ? 1 : 0;
  if (gap(baseline) >= 0) return refuse('invalid_input', 'The power must be larger than that of chance.');
  if (gap(furthest) < 0)
    return refuse('too_few', 'With so few recipients no rate is different enough to be found.');
  const rate = findRoot(gap, baseline, furthest);
  return { rate, uplift: (rate - baseline) / baseline };
}

/** A refusal unless both rates lie strictly between 0 and 1. */
export function unfitRates({ baseline, treatment }: PlannedRates): Refusal | undefined {
  if (baseline === 0) return refuse('baseline_zero', 'Plan with a baseline rate above zero.');
  const isRate = (p: number) => p > 0 && p < 1;
  if (isRate(baseline) && isRate(treatment)) return undefined;
  return refuse('invalid_input', 'Plan with rates between 0 and 1 (baseline, treatment).');
}

/** Standard deviations of the difference times √n(control): under no effect, and under the effect. */
export function spreads({ baseline: p1, treatment: p2, ratio = 1 }: PlannedRates): {
  none: number;
  effect: number;
} {
  const pooled = (p1 + ratio * p2) / (1 + ratio);
  return {
    none: Math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio)),
    effect: Math.sqrt(p1 * (1 - p1) + (p2 * (1 - p2)) / ratio),
  };
}

/** The power with `root` = √n(control). */
export function chanceToSee(pair: PlannedRates, critical: number, root: number): number {
  const { none, effect } = spreads(pair);
  const distance = root * Math.abs(pair.treatment - pair.baseline);
  const right = normal.cdf((distance - critical * none) / effect);
  return pair.strict ? right + normal.cdf((-distance - critical * none) / effect) : right;
}

export const powerProportionsMethod = {
  id: 'plan.power_proportions',
  title: 'Power to tell two rates apart',
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'Fleiss (1981); power.prop.test of R',
  compute: powerProportions,
} as const satisfies Method;

export const detectableRateMethod = {
  id: 'plan.detectable_rate',
  title: 'Smallest change of a rate that can be found',
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'Fleiss (1981); power.prop.test of R',
  compute: detectableRate,
} as const satisfies Method;

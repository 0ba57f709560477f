import { chiSquared } from '../distributions/chi-squared.js';
import { noncentralChiSquared } from '../distributions/noncentral-chi-squared.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import {
  PLAN,
  unfitErrorRates,
  unfitSizes,
  unfitTest,
  type ErrorRates,
  type Power,
  type TestPlan,
} from './error-rates.js';
import { solveSize } from './solve-size.js';

/** Shares that were planned, and shares that would be worth an alarm. */
export interface Shares {
  /** Each above 0, together 1. */
  readonly planned: readonly number[];
  /** As many, each 0 or more, together 1. */
  readonly actual: readonly number[];
}

export interface SharesDesign extends Shares, Omit<TestPlan, 'critical'> {
  /** Recipients in all. */
  readonly n: number;
}

export type SharesPlan = Shares & Omit<ErrorRates, 'critical' | 'inflation'>;

/** Rates of several arms that one chi-squared test shall tell apart. */
export interface ManyRates extends Omit<TestPlan, 'critical'> {
  /** True rate of each arm, in (0, 1). */
  readonly rates: readonly number[];
  /** Share of each arm, together 1; equal if left out. */
  readonly shares?: readonly number[];
  /** Recipients of all arms together. */
  readonly n: number;
}

export interface ChiSquaredPower extends Power {
  /** Cohen's w², Σ (actual - planned)² / planned: what each recipient adds to the noncentrality. */
  readonly effectSize: number;
}

/**
 * The chance that a chi-squared test of shares (for instance a check for sample ratio mismatch) finds the actual ones,
 * by the noncentral chi-squared distribution with noncentrality n w². Refuses `too_few` (under two shares) and
 * `invalid_input`. Cohen (1988), Statistical Power Analysis, ch. 7.
 */
export function powerChiSquared(plan: SharesDesign): OrRefusal<ChiSquaredPower> {
  const unfit = unfitShares(plan) ?? unfitTest(plan) ?? unfitSizes(plan.n);
  if (unfit) return unfit;
  const size = effectSize(plan);
  return { effectSize: size, power: chanceToSee(plan.alpha, plan.planned.length - 1, plan.n * size) };
}

/** Recipients in all for the wanted power; a real number of at least 1. Refuses as `powerChiSquared`. */
export function sampleSizeChiSquared(plan: SharesPlan): OrRefusal<{ readonly n: number }> {
  const unfit = unfitShares(plan) ?? unfitErrorRates(plan);
  if (unfit) return unfit;
  const size = effectSize(plan);
  if (size === 0) return refuse('invalid_input', 'Plan with shares that differ (planned, actual).');
  if (plan.power <= plan.alpha) return refuse('invalid_input', 'The power must be larger than alpha.');
  return solveSize((n) => chanceToSee(plan.alpha, plan.planned.length - 1, n * size), plan.power, 1);
}

/**
 * The chance that Pearson's test of several arms finds that their rates are not all equal: noncentrality
 * n Σ share (rate - mean)² / (mean (1 - mean)). Refuses `too_few` (under two arms) and `invalid_input`.
 */
export function powerManyRates(plan: ManyRates): OrRefusal<ChiSquaredPower> {
  const { rates, n } = plan;
  const shares = plan.shares ?? rates.map(() => 1 / rates.length);
  const unfit = unfitShares({ planned: shares, actual: shares }) ?? unfitTest(plan) ?? unfitSizes(n);
  if (unfit) return unfit;
  if (shares.length !== rates.length || !rates.every((rate) => rate > 0 && rate < 1)) {
    return refuse('invalid_input', 'Every arm needs a share and a rate between 0 and 1.');
  }
  const mean = rates.reduce((sum, rate, i) => sum + rate * (shares[i] ?? 0), 0);
  const spread = rates.reduce((sum, rate, i) => sum + (shares[i] ?? 0) * (rate - mean) ** 2, 0);
  const size = spread / (mean * (1 - mean));
  if (!Number.isFinite(size)) return refuse('invalid_input', 'The rates are too close to 0 or 1.');
  return { effectSize: size, power: chanceToSee(plan.alpha, rates.length - 1, n * size) };
}

function effectSize({ planned, actual }: Shares): number {
  return planned.reduce((sum, share, i) => sum + ((actual[i] ?? 0) - share) ** 2 / share, 0);
}

function chanceToSee(alpha: number, df: number, ncp: number): number {
  return noncentralChiSquared.sf(chiSquared.isf(alpha, df), df, ncp);
}

function unfitShares({ planned, actual }: Shares): Refusal | undefined {
  if (planned.length < 2) return refuse('too_few', 'Shares need at least two arms.');
  if (planned.length !== actual.length) {
    return refuse('invalid_input', 'Planned and actual shares must be of the same arms.');
  }
  const together = (shares: readonly number[]) => shares.reduce((sum, share) => sum + share, 0);
  const whole = [planned, actual].every((shares) => Math.abs(together(shares) - 1) <= 1e-9);
  if (whole && planned.every((share) => share >= 1e-9) && actual.every((share) => share >= 0))
    return undefined;
  return refuse('invalid_input', 'Shares must sum to 1, and planned ones must be above zero.');
}

const shared = { needs: ['plan'], parameters: [PLAN], reference: 'Cohen (1988), ch. 7' } as const;

export const powerChiSquaredMethod = {
  ...shared,
  id: 'plan.power_chi_squared',
  title: 'Power to find that shares are not as planned',
  compute: powerChiSquared,
} as const satisfies Method;

export const sampleSizeChiSquaredMethod = {
  ...shared,
  id: 'plan.sample_size_chi_squared',
  title: 'Recipients needed to find that shares are not as planned',
  compute: sampleSizeChiSquared,
} as const satisfies Method;

export const powerManyRatesMethod = {
  ...shared,
  id: 'plan.power_many_rates',
  title: 'Power to find that several rates differ',
  compute: powerManyRates,
} as const satisfies Method;

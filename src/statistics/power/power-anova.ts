import { f } from '../distributions/f.js';
import { noncentralF } from '../distributions/noncentral-f.js';
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

/** Several means that one F test shall tell apart. */
export interface GroupMeans {
  /** Number of arms, 2 to 1000. */
  readonly groups: number;
  /** Variance of the arms' true means around their mean, Σ(m - m̄)² / (groups - 1). */
  readonly betweenVariance: number;
  /** Variance of the outcome within an arm. */
  readonly withinVariance: number;
}

export interface AnovaDesign extends GroupMeans, Omit<TestPlan, 'critical'> {
  /** Recipients in each arm, at least 2. */
  readonly n: number;
}

export type AnovaPlan = GroupMeans & Omit<ErrorRates, 'critical' | 'inflation'>;

/**
 * The chance that an analysis of variance finds that the means of several arms are not all equal, by the noncentral F
 * distribution (R's power.anova.test). Refuses `invalid_input`.
 */
export function powerAnova(plan: AnovaDesign): OrRefusal<Power> {
  const unfit = unfitGroups(plan) ?? unfitTest(plan) ?? unfitSizes(plan.n / 2);
  return unfit ?? { power: chanceToSee(plan, plan.n) };
}

/** Recipients in each arm for the wanted power; a real number of at least 2. Refuses `invalid_input`. */
export function sampleSizeAnova(plan: AnovaPlan): OrRefusal<{ readonly n: number }> {
  const unfit = unfitGroups(plan) ?? unfitErrorRates(plan);
  if (unfit) return unfit;
  if (plan.betweenVariance === 0)
    return refuse('invalid_input', 'Plan with means that differ (betweenVariance).');
  if (plan.power <= plan.alpha) return refuse('invalid_input', 'The power must be larger than alpha.');
  return solveSize((n) => chanceToSee(plan, n), plan.power, 2);
}

function chanceToSee(
  { groups, betweenVariance, withinVariance, alpha }: GroupMeans & TestPlan,
  n: number,
): number {
  const [d1, d2] = [groups - 1, (n - 1) * groups];
  return noncentralF.sf(f.isf(alpha, d1, d2), d1, d2, d1 * n * (betweenVariance / withinVariance));
}

function unfitGroups({ groups, betweenVariance, withinVariance }: GroupMeans): Refusal | undefined {
  if (!(Number.isInteger(groups) && groups >= 2 && groups <= 1000)) {
    return refuse('invalid_input', 'An analysis of variance compares 2 to 1000 arms (groups).');
  }
  const possible = withinVariance > 0 && withinVariance < Infinity && betweenVariance >= 0;
  if (possible && betweenVariance / withinVariance <= 1e3) return undefined;
  return refuse(
    'invalid_input',
    'Plan with variances above zero, that between the arms not absurdly larger.',
  );
}

const shared = { needs: ['plan'], parameters: [PLAN], reference: 'power.anova.test of R' } as const;

export const powerAnovaMethod = {
  ...shared,
  id: 'plan.power_anova',
  title: 'Power to find that several means differ',
  compute: powerAnova,
} as const satisfies Method;

export const sampleSizeAnovaMethod = {
  ...shared,
  id: 'plan.sample_size_anova',
  title: 'Recipients needed to find that several means differ',
  compute: sampleSizeAnova,
} as const satisfies Method;

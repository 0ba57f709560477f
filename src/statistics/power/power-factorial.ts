import { normal } from '../distributions/normal.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal } from '../result.js';
import { criticalValue, PLAN, tooMany, unfitErrorRates, unfitSizes, type ErrorRates } from './error-rates.js';

export interface FactorialPlan extends ErrorRates {
  /** Variance of the outcome per recipient within a cell. */
  readonly variance: number;
  /** Effect worth finding: a difference of means, or (interactions) a difference of such differences. */
  readonly effect: number;
  /** Recipients of all cells together for which standard errors are wanted. */
  readonly total: number;
  /** Factors with two levels each, 1 to 20; 2 if left out. It limits the interactions, not the sizes. */
  readonly factors?: number;
}

export interface FactorialEffectPlan {
  /** Recipients of all cells together that find the effect; not rounded. */
  readonly total: number;
  /** Standard error with the planned total. */
  readonly se: number;
}

export interface FactorialPlanResult {
  readonly main: FactorialEffectPlan;
  /** Index 0: of two factors, a difference of differences; index 1: of three; and so on up to all factors. */
  readonly interactions: readonly FactorialEffectPlan[];
}

/**
 * What a balanced two-level factorial design needs, all cells together. A main effect compares half of the recipients
 * with the other half however many factors there are: variance 4v/N. A difference of differences has 16v/N, each
 * further factor four times more: an interaction as large as a main effect needs four times its recipients, half as
 * large sixteen times. Refuses `invalid_input`. Wu & Hamada, Experiments, 3rd ed. (2021), ch. 4.
 */
export function planFactorial(plan: FactorialPlan): OrRefusal<FactorialPlanResult> {
  const { variance, effect, total, factors = 2, power, inflation = 1 } = plan;
  const unfit = unfitErrorRates(plan) ?? unfitSizes(total);
  if (unfit) return unfit;
  if (!(variance >= 1e-200 && variance <= 1e200) || !(Math.abs(effect) > 0 && Math.abs(effect) <= 1e200)) {
    return refuse('invalid_input', 'Plan with a variance above zero and an effect other than zero.');
  }
  if (!(Number.isInteger(factors) && factors >= 1 && factors <= 20)) {
    return refuse('invalid_input', 'A factorial plan has 1 to 20 factors.');
  }
  const needed =
    ((criticalValue(plan) + normal.quantile(power)) / (effect / Math.sqrt(variance))) ** 2 * inflation;
  const ofOrder = (order: number) => ({
    total: 4 ** order * needed,
    se: 2 ** order * Math.sqrt(variance / total),
  });
  const interactions = Array.from({ length: factors - 1 }, (_, i) => ofOrder(i + 2));
  return tooMany(needed) ?? { main: ofOrder(1), interactions };
}

export const planFactorialMethod = {
  id: 'plan.factorial',
  title: 'Recipients needed for main effects and interactions',
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'Wu & Hamada, Experiments, 3rd ed. (2021), ch. 4',
  compute: planFactorial,
} as const satisfies Method;

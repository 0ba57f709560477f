import { normal } from '../distributions/normal.js';
import type { Parameter } from '../method.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';

/** How often a test may find what is not there. */
export interface TestPlan {
  /** Two-sided significance level, for example 0.05. */
  readonly alpha: number;
  /**
   * Critical value of |z| in place of the normal quantile of alpha / 2: Dunnett's for several treatments, that of a
   * boundary for several looks.
   */
  readonly critical?: number;
  /**
   * Where the planned effect comes from. The effect that an experiment has just observed says nothing about that
   * experiment that its p-value does not say ("observed power"), and is refused.
   */
  readonly effectFrom?: 'plan' | 'observed';
}

export interface ErrorRates extends TestPlan {
  /** Wanted chance to see a true effect, for example 0.8. */
  readonly power: number;
  /** Factor on the recipients for looking more than once (group sequential designs), 1 to 100; 1 if left out. */
  readonly inflation?: number;
}

/** Recipients; not rounded, so round up. */
export interface ArmSizes {
  readonly control: number;
  readonly treatment: number;
}

export interface Power {
  /** Chance to see the effect, in [0, 1]. */
  readonly power: number;
}

/** No list of recipients is longer. */
export const MOST_RECIPIENTS = 1e12;

/** The |z| beyond which the test rejects. */
export function criticalValue({ alpha, critical }: TestPlan): number {
  return critical ?? normal.isf(alpha / 2);
}

/** A refusal (`invalid_input`) if the test or the ratio of the arms is impossible, or the effect an observed one. */
export function unfitTest(plan: TestPlan, ratio = 1): Refusal | undefined {
  if (!(plan.alpha > 0 && plan.alpha < 1)) return refuse('invalid_input', 'Alpha must lie between 0 and 1.');
  if (plan.critical !== undefined && !(plan.critical > 0 && plan.critical < 1e6)) {
    return refuse('invalid_input', 'The critical value must be a number above zero (critical).');
  }
  if (plan.effectFrom !== undefined && plan.effectFrom !== 'plan') {
    return refuse(
      'invalid_input',
      'Plan with the effect worth finding, not with the effect that was observed.',
    );
  }
  if (!(ratio >= 1e-9 && ratio <= 1e9)) {
    return refuse('invalid_input', 'The ratio of the arms must be above zero, and at most 1e9 to 1.');
  }
  return undefined;
}

/** A refusal (`invalid_input`) if the plan has impossible error rates; a power no larger than that of chance is one. */
export function unfitErrorRates(plan: ErrorRates, ratio = 1): Refusal | undefined {
  const unfit = unfitTest(plan, ratio);
  if (unfit) return unfit;
  const { power, inflation = 1 } = plan;
  // At this power the formula asks for nobody, below it for nonsense.
  if (!(power < 1 && criticalValue(plan) + normal.quantile(Math.max(0, power)) > 0)) {
    return refuse('invalid_input', 'The power must lie between half of alpha and 1.');
  }
  if (!(inflation >= 1 && inflation <= 100)) {
    return refuse('invalid_input', 'The factor for several looks must lie between 1 and 100 (inflation).');
  }
  return undefined;
}

/** The sizes of both arms, times the factor for several looks; refuses more recipients than any list has. */
export function armSizes(control: number, ratio: number, { inflation = 1 }: ErrorRates): OrRefusal<ArmSizes> {
  const sizes = { control: control * inflation, treatment: control * ratio * inflation };
  return tooMany(sizes.control + sizes.treatment) ?? sizes;
}

/** A refusal (`invalid_input`) if more recipients are needed than any list has. */
export function tooMany(total: number): Refusal | undefined {
  if (total <= MOST_RECIPIENTS) return undefined;
  return refuse('invalid_input', 'This plan needs more recipients than there are people.');
}

/** A refusal (`invalid_input`) unless an arm's size is a number from 1 to 1e12; fractions are fine in a plan. */
export function unfitSizes(...sizes: readonly number[]): Refusal | undefined {
  if (sizes.every((n) => n >= 1 && n <= MOST_RECIPIENTS)) return undefined;
  return refuse(
    'invalid_input',
    'Every arm needs at least one recipient, and no more than there are people (n).',
  );
}

export const PLAN: Parameter = {
  name: 'plan',
  meaning: 'what is planned, in one object; the fields are described with its type',
};

import { normal } from '../distributions/normal.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import type { Method } from '../method.js';

export interface ErrorRates {
  /** Two-sided significance level, for example 0.05. */
  readonly alpha: number;
  /** Wanted chance to see a true effect, for example 0.8. */
  readonly power: number;
}

export interface ArmSizes {
  readonly control: number;
  readonly treatment: number;
}

export interface ProportionPlan extends ErrorRates {
  readonly baseline: number;
  readonly treatment: number;
  /** Recipients in treatment per recipient in control; 1 if left out. */
  readonly ratio?: number;
}

export interface MeanPlan extends ErrorRates {
  /** Standard deviation of the outcome, in its own units, the same in both arms. */
  readonly sd: number;
  /** Difference of the means worth finding. */
  readonly difference: number;
  readonly ratio?: number;
}

/**
 * Recipients per arm to tell rate `treatment` from rate `baseline` with Pearson's test; not rounded, so round up.
 * Pooled variance under no effect, separate variances under the effect, as R's power.prop.test; Fleiss (1981) for
 * unequal arms. Refuses `baseline_zero` for a baseline of 0 and `invalid_input` for anything else out of range.
 */
export function sampleSizeProportions(plan: ProportionPlan): OrRefusal<ArmSizes> {
  const { baseline: p1, treatment: p2, ratio = 1 } = plan;
  if (p1 === 0) return refuse('baseline_zero', 'Plan with a baseline rate above zero.');
  const isRate = (p: number) => p > 0 && p < 1;
  if (!isRate(p1) || !isRate(p2) || p1 === p2) {
    return refuse('invalid_input', 'Plan with two different rates between 0 and 1.');
  }
  const impossible = impossibleRates(plan, ratio);
  if (impossible) return impossible;
  const pooled = (p1 + ratio * p2) / (1 + ratio);
  const underNone = Math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio));
  const underEffect = Math.sqrt(p1 * (1 - p1) + (p2 * (1 - p2)) / ratio);
  const z = normal.isf(plan.alpha / 2) * underNone + normal.quantile(plan.power) * underEffect;
  const control = (z / (p2 - p1)) ** 2;
  return { control, treatment: control * ratio };
}

/**
 * Recipients per arm to find a difference of means with Welch's test; not rounded, so round up. The normal formula
 * (z(α/2) + z(power))² sd² (1 + 1/ratio) / difference²: the exact noncentral t adds about one recipient per arm, which
 * matters to nobody who sends e-mail. Refuses `invalid_input`.
 */
export function sampleSizeMeans(plan: MeanPlan): OrRefusal<ArmSizes> {
  const { sd, difference, ratio = 1 } = plan;
  if (!(sd > 0 && sd < Infinity) || !Number.isFinite(difference) || difference === 0) {
    return refuse('invalid_input', 'Plan with a spread above zero and a difference other than zero.');
  }
  const impossible = impossibleRates(plan, ratio);
  if (impossible) return impossible;
  const z = normal.isf(plan.alpha / 2) + normal.quantile(plan.power);
  const control = ((z * sd) / difference) ** 2 * (1 + 1 / ratio);
  return { control, treatment: control * ratio };
}

function impossibleRates({ alpha, power }: ErrorRates, ratio: number): Refusal | undefined {
  if (!(alpha > 0 && alpha < 1)) return refuse('invalid_input', 'Alpha must lie between 0 and 1.');
  // At power = alpha / 2 the formula asks for nobody, below it for nonsense.
  if (!(power > alpha / 2 && power < 1)) {
    return refuse('invalid_input', 'The power must lie between half of alpha and 1.');
  }
  if (!(ratio > 0 && ratio < Infinity)) {
    return refuse('invalid_input', 'The ratio of the arms must be above zero.');
  }
  return undefined;
}

export const sampleSizeProportionsMethod = {
  id: 'plan.sample_size',
  title: 'Recipients needed to tell two rates apart',
  needs: ['planned_rates'],
  parameters: [{ name: 'plan', meaning: 'baseline and treatment rate, ratio of the arms, alpha, power' }],
  reference: 'Fleiss (1981); power.prop.test of R',
  compute: sampleSizeProportions,
} as const satisfies Method;

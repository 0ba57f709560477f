import { normal } from '../distributions/normal.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import { approximateTuning, mixtureBound } from '../sequential/normal-mixture.js';
import {
  armSizes,
  criticalValue,
  PLAN,
  unfitErrorRates,
  unfitSizes,
  unfitTest,
  type ArmSizes,
  type ErrorRates,
  type Power,
  type TestPlan,
} from './error-rates.js';

/** Variance per recipient of any estimate: of the outcome, or of a ratio by the delta method. */
export interface EffectVariance {
  readonly controlVariance: number;
  readonly treatmentVariance: number;
  /** Correlation of the outcome with what was known before (CUPED leaves 1 - ρ² of the variance); 0 if left out. */
  readonly correlation?: number;
}

export interface EffectDesign extends EffectVariance, TestPlan {
  readonly controlN: number;
  readonly treatmentN: number;
  /** Difference worth finding; only its size counts. */
  readonly effect: number;
}

export interface EffectPlan extends EffectVariance, ErrorRates {
  readonly effect: number;
  /** Recipients in treatment per recipient in control; 1 if left out. */
  readonly ratio?: number;
}

export interface DetectablePlan extends EffectVariance, ErrorRates {
  readonly controlN: number;
  readonly treatmentN: number;
  /** Recipients of all arms for which a confidence sequence is tuned; those planned here if left out. */
  readonly sequenceN?: number;
}

export interface DetectableEffect {
  /** Without adjustment. */
  readonly effect: number;
  /** After adjustment for what was known before the send. */
  readonly adjusted: number;
  /**
   * Without adjustment, by a confidence sequence that is looked at once, with all recipients. Looking earlier too finds
   * it more often, so this is a cautious figure.
   */
  readonly sequential: number;
}

/**
 * The chance that a z test finds an effect of known variance per recipient. For ratios give delta-method variances, for
 * adjusted outcomes the correlation. Refuses `invalid_input`.
 */
export function powerEffect(plan: EffectDesign): OrRefusal<Power> {
  const { controlN, treatmentN, effect } = plan;
  const unfit =
    unfitVariance(plan) ?? unfitTest(plan) ?? unfitSizes(controlN, treatmentN) ?? unfitEffect(effect);
  if (unfit) return unfit;
  const se = standardError(plan, controlN, treatmentN) * remaining(plan);
  return { power: normal.cdf(Math.abs(effect) / se - criticalValue(plan)) };
}

/**
 * Recipients per arm to find an effect of known variance per recipient: (z(α/2) + z(power))² (v + v/ratio) / effect²;
 * not rounded. Refuses `invalid_input`.
 */
export function sampleSizeEffect(plan: EffectPlan): OrRefusal<ArmSizes> {
  const { effect, ratio = 1, power } = plan;
  const unfit = unfitVariance(plan) ?? unfitErrorRates(plan, ratio) ?? unfitEffect(effect);
  if (unfit) return unfit;
  if (effect === 0) return refuse('invalid_input', 'Plan with an effect other than zero.');
  const se = standardError(plan, 1, ratio) * remaining(plan);
  return armSizes((((criticalValue(plan) + normal.quantile(power)) * se) / effect) ** 2, ratio, plan);
}

/**
 * The smallest effect that is found with the wanted power: plain, adjusted (CUPED), and by a confidence sequence:
 * se (c + z(power)) with its bound c at the planned number of recipients. Refuses `invalid_input`.
 */
export function detectableEffect(plan: DetectablePlan): OrRefusal<DetectableEffect> {
  const { controlN, treatmentN, power, alpha, inflation = 1 } = plan;
  const total = controlN + treatmentN;
  const { sequenceN = total } = plan;
  const unfit = unfitVariance(plan) ?? unfitErrorRates(plan) ?? unfitSizes(controlN, treatmentN, sequenceN);
  if (unfit) return unfit;
  const se = standardError(plan, controlN, treatmentN);
  const z = normal.quantile(power);
  const effect = se * Math.sqrt(inflation) * (criticalValue(plan) + z);
  const bound = mixtureBound((total / sequenceN) * approximateTuning(alpha), alpha);
  return { effect, adjusted: effect * remaining(plan), sequential: se * (bound + z) };
}

function standardError(
  { controlVariance, treatmentVariance }: EffectVariance,
  controlN: number,
  treatmentN: number,
): number {
  return Math.sqrt(controlVariance / controlN + treatmentVariance / treatmentN);
}

/** √(1 - ρ²): the share of the standard error that an adjustment leaves. */
function remaining({ correlation = 0 }: EffectVariance): number {
  return Math.sqrt((1 - correlation) * (1 + correlation));
}

function unfitVariance({
  controlVariance,
  treatmentVariance,
  correlation = 0,
}: EffectVariance): Refusal | undefined {
  if (![controlVariance, treatmentVariance].every((v) => v >= 1e-200 && v <= 1e200)) {
    return refuse('invalid_input', 'Plan with variances above zero (controlVariance, treatmentVariance).');
  }
  if (correlation > -1 && correlation < 1) return undefined;
  return refuse('invalid_input', 'The correlation must lie between -1 and 1.');
}

function unfitEffect(effect: number): Refusal | undefined {
  return Math.abs(effect) <= 1e200
    ? undefined
    : refuse('invalid_input', 'The effect must be a finite number.');
}

const shared = { needs: ['plan'], parameters: [PLAN] } as const;

export const powerEffectMethod = {
  ...shared,
  id: 'plan.power_effect',
  title: 'Power for an effect of known variance',
  reference: 'Deng, Knoblich & Lu (2018); Deng et al. (2013)',
  compute: powerEffect,
} as const satisfies Method;

export const sampleSizeEffectMethod = {
  ...shared,
  id: 'plan.sample_size_effect',
  title: 'Recipients needed for an effect of known variance',
  reference: 'Deng, Knoblich & Lu (2018); Deng et al. (2013)',
  compute: sampleSizeEffect,
} as const satisfies Method;

export const detectableEffectMethod = {
  ...shared,
  id: 'plan.detectable_effect',
  title: 'Smallest effect that can be found, plain, adjusted and sequentially',
  reference: 'Deng et al. (2013); Waudby-Smith et al. (2024)',
  compute: detectableEffect,
} as const satisfies Method;

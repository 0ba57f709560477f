import { normal } from '../distributions/normal.js';
import type { Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal } from '../result.js';
import { armSizes, PLAN, unfitErrorRates, type ArmSizes, type ErrorRates } from './error-rates.js';
import { unfitRates } from './power-proportions.js';

export interface NonInferiorityPlan extends Omit<ErrorRates, 'alpha' | 'critical'> {
  /** One-sided significance level in (0, 0.5), for example 0.05. */
  readonly alpha: number;
  /** Rate in control, in (0, 1). */
  readonly baseline: number;
  /** True rate in treatment; the same as in control if left out. */
  readonly treatment?: number;
  /** How much worse would still do, in units of the rate, above 0. */
  readonly margin: number;
  /** Whether a high rate is good (clicks) or bad (complaints). */
  readonly better: 'higher' | 'lower';
  /** Recipients in treatment per recipient in control; 1 if left out. */
  readonly ratio?: number;
}

/**
 * Recipients per arm to show that a guardrail is not worse by the margin or more, with the one-sided score test at
 * alpha; not rounded. The variance under the margin is that of the rates closest to the true ones which are exactly the
 * margin apart. Refuses `baseline_zero` and `invalid_input`, also when treatment is worse by the margin itself.
 * Farrington & Manning (1990), Statistics in Medicine 9, method 3.
 */
export function sampleSizeNonInferiority(plan: NonInferiorityPlan): OrRefusal<ArmSizes> {
  const { baseline, treatment = baseline, margin, better, ratio = 1, alpha, power } = plan;
  const unfit = unfitRates({ baseline, treatment }) ?? unfitErrorRates({ ...plan, alpha: 2 * alpha }, ratio);
  if (unfit) return unfit;
  if (!(margin > 0 && margin < 1)) return refuse('invalid_input', 'The margin must lie between 0 and 1.');
  const limit = better === 'higher' ? -margin : margin;
  const distance = Math.abs(treatment - baseline - limit);
  const fine = better === 'higher' ? treatment - baseline > limit : treatment - baseline < limit;
  if (!fine) return refuse('invalid_input', 'Plan with a treatment that is not worse by the margin itself.');
  const none = restrictedSpread(baseline, treatment, ratio, limit);
  const effect = Math.sqrt(baseline * (1 - baseline) + (treatment * (1 - treatment)) / ratio);
  const z = normal.isf(alpha) * none + normal.quantile(power) * effect;
  if (!(z > 0)) return refuse('invalid_input', 'The power must be larger than that of chance.');
  return armSizes((z / distance) ** 2, ratio, plan);
}

/** √(p̃(1 - p̃) + q̃(1 - q̃)/ratio) for the most likely rates p̃ and q̃ = p̃ + limit in an endless sample. */
function restrictedSpread(baseline: number, treatment: number, ratio: number, limit: number): number {
  const low = Math.max(0, -limit);
  const high = Math.min(1, 1 - limit);
  const slope = (p: number) => {
    const q = p + limit;
    return (baseline - p) * q * (1 - q) + ratio * (treatment - q) * p * (1 - p);
  };
  // Both terms change sign between the two estimates of p, and nowhere else between the ends.
  const clamp = (p: number) => Math.min(Math.max(p, low), high);
  const p = findRoot(
    slope,
    clamp(Math.min(baseline, treatment - limit)),
    clamp(Math.max(baseline, treatment - limit)),
  );
  const q = Math.min(1, Math.max(0, p + limit));
  return Math.sqrt(p * (1 - p) + (q * (1 - q)) / ratio);
}

export const sampleSizeNonInferiorityMethod = {
  id: 'plan.non_inferiority',
  title: 'Recipients needed to show that a guardrail is not worse',
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'Farrington & Manning (1990)',
  compute: sampleSizeNonInferiority,
} as const satisfies Method;

import type { Method } from '../method.js';
import { largest } from '../multiplicity/largest.js';
import { isRefusal, refuse, type OrRefusal } from '../result.js';
import { PLAN, unfitErrorRates, type ArmSizes } from './error-rates.js';
import { sampleSizeProportions, type ProportionPlan } from './sample-size.js';

export interface ManyTreatmentsPlan extends Omit<ProportionPlan, 'critical'> {
  /** Treatments that are compared with the control, 1 to 50. */
  readonly treatments: number;
}

export interface ManyTreatmentsSizes extends ArmSizes {
  /** Control and all treatments together. */
  readonly total: number;
  /** Dunnett's critical value of |z|. */
  readonly critical: number;
}

/**
 * Recipients in control and in each treatment to find one given treatment that differs from control, when several are
 * compared with it by Dunnett's procedure: its critical value takes the place of the normal quantile. Not rounded. With
 * k treatments the total is smallest near a ratio of 1/√k. Refuses as `sampleSizeProportions`, and `invalid_input` for
 * fewer than 1 or more than 50 treatments. Dunnett (1955), section 6.
 */
export function sampleSizeManyTreatments(plan: ManyTreatmentsPlan): OrRefusal<ManyTreatmentsSizes> {
  const { treatments, alpha, ratio = 1 } = plan;
  const unfit = unfitErrorRates(plan, ratio);
  if (unfit) return unfit;
  if (!(Number.isInteger(treatments) && treatments >= 1 && treatments <= 50)) {
    return refuse('invalid_input', 'A plan compares 1 to 50 treatments with the control (treatments).');
  }
  // Share of the control in the variance of a difference, if the outcomes vary alike.
  const share = ratio / (1 + ratio);
  const loadings = Array.from({ length: treatments }, () => Math.sqrt(share));
  const critical = largest(loadings, 'both').isf(alpha, Infinity);
  const sizes = sampleSizeProportions({ ...plan, critical });
  if (isRefusal(sizes)) return sizes;
  return { ...sizes, total: sizes.control + treatments * sizes.treatment, critical };
}

export const sampleSizeManyTreatmentsMethod = {
  id: 'plan.many_treatments',
  title: 'Recipients needed when several treatments are compared with one control',
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'Dunnett (1955)',
  compute: sampleSizeManyTreatments,
} as const satisfies Method;

import { normal } from '../distributions/normal.js';
import type { Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal } from '../result.js';
import {
  armSizes,
  criticalValue,
  PLAN,
  unfitErrorRates,
  type ArmSizes,
  type ErrorRates,
} from './error-rates.js';
import { chanceToSee, spreads, unfitRates, type PlannedRates } from './power-proportions.js';

export type ProportionPlan = ErrorRates & PlannedRates;

/**
 * Recipients per arm to tell rate `treatment` from rate `baseline` with Pearson's test; not rounded, so round up.
 * Pooled variance under no effect, separate variances under the effect, as R's power.prop.test; Fleiss (1981) for
 * unequal arms. Refuses `baseline_zero` for a baseline of 0 and `invalid_input` for anything else out of range.
 */
export function sampleSizeProportions(plan: ProportionPlan): OrRefusal<ArmSizes> {
  const { baseline, treatment, ratio = 1, power } = plan;
  const unfit = unfitRates(plan) ?? unfitErrorRates(plan, ratio);
  if (unfit) return unfit;
  if (baseline === treatment)
    return refuse('invalid_input', 'Plan with two different rates between 0 and 1.');
  const critical = criticalValue(plan);
  const { none, effect } = spreads(plan);
  const z = critical * none + normal.quantile(power) * effect;
  const gap = (root: number) => chanceToSee(plan, critical, root) - power;
  if (!(z > 0) || (plan.strict && gap(0) >= 0)) {
    return refuse('invalid_input', 'The power must be larger than that of chance.');
  }
  const root = z / Math.abs(treatment - baseline);
  const strictRoot = plan.strict && gap(root) > 0 ? findRoot(gap, 0, root) : root;
  return armSizes(strictRoot ** 2, ratio, plan);
}

export const sampleSizeProportionsMethod = {
  id: 'plan.sample_size',
  title: 'Recipients needed to tell two rates apart',
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'Fleiss (1981); power.prop.test of R',
  compute: sampleSizeProportions,
} as const satisfies Method;

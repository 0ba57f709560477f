import type { Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal } from '../result.js';
import { PLAN, type ArmSizes } from './error-rates.js';
import { sampleSizeProportions, type ProportionPlan } from './sample-size.js';

export interface MachineOpensPlan extends ProportionPlan {
  /** Share of recipients whose mailbox opens every message by machine, in [0, 1), the same in all arms. */
  readonly machineShare: number;
}

export interface MachineOpensResult {
  /** Rates as they will be seen: m + (1 - m) h. */
  readonly seen: { readonly baseline: number; readonly treatment: number; readonly uplift: number };
  /** Recipients needed to tell these apart; not rounded. */
  readonly sizes: ArmSizes;
  /** How many times more recipients than without machines. */
  readonly factor: number;
}

/**
 * Recipients per arm to tell two open rates of people apart when machines open too: a recipient behind one opens in any
 * case, so differences shrink by 1 - m while the rates, and with them the noise, grow. `baseline` and `treatment` are
 * the rates of people. Refuses as `sampleSizeProportions`, and a share outside [0, 1).
 */
export function sampleSizeMachineOpens(plan: MachineOpensPlan): OrRefusal<MachineOpensResult> {
  const { machineShare: m } = plan;
  if (!(m >= 0 && m < 1))
    return refuse('invalid_input', 'The share of machines must lie in [0, 1) (machineShare).');
  const human = sampleSizeProportions(plan);
  if (isRefusal(human)) return human;
  const seenRate = (rate: number) => m + (1 - m) * rate;
  const [baseline, treatment] = [seenRate(plan.baseline), seenRate(plan.treatment)];
  const sizes = sampleSizeProportions({ ...plan, baseline, treatment });
  if (isRefusal(sizes)) return sizes;
  const uplift = ((1 - m) * (plan.treatment - plan.baseline)) / baseline;
  return { seen: { baseline, treatment, uplift }, sizes, factor: sizes.control / human.control };
}

export const sampleSizeMachineOpensMethod = {
  id: 'plan.machine_opens',
  title: 'Recipients needed to tell open rates apart behind machines',
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'Rogan & Gladen (1978); Fleiss (1981)',
  compute: sampleSizeMachineOpens,
} as const satisfies Method;

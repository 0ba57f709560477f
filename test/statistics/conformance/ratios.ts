import {
  addCrossSums,
  crossSumsOf,
  emptyCrossSums,
  type CrossSums,
} from '../../../src/statistics/cross-sums.js';
import { clusterMean } from '../../../src/statistics/ratios/cluster-mean.js';
import { impossibleRatio, ratioOf } from '../../../src/statistics/ratios/ratio-arm.js';
import { ratioDelta, ratioDifference } from '../../../src/statistics/ratios/ratio-delta.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';
import { scaled } from './moments.js';
import { sameLength, whole, type Two } from './reference-inputs.js';

export const ratioAdapters: Adapters = {
  'ratio.delta': { covers: ['ratio.delta'], run: delta },
  'ratio.cluster': { covers: ['ratio.cluster'], run: cluster },
};

/** Two outcomes y and x as the reference cases sum them. */
export interface RawPair {
  n: number;
  sum_y: string;
  sum_x: string;
  sum_yy: string;
  sum_xx: string;
  sum_xy: string;
}

export function pair(arm: RawPair): CrossSums {
  return {
    n: whole(arm.n),
    sums: [whole(arm.sum_y), whole(arm.sum_x)],
    products: [[whole(arm.sum_yy)], [whole(arm.sum_xy), whole(arm.sum_xx)]],
  };
}

function delta(input: Two<RawPair>): Record<string, unknown> {
  const [control, treatment] = [pair(input.control), pair(input.treatment)];
  const single = (arm: CrossSums) => (impossibleRatio(arm) ? undefined : ratioOf(arm));
  const values = { ratio_control: single(control), ratio_treatment: single(treatment) };
  const result = ratioDelta(control, treatment, input.level);
  if (isRefusal(result)) {
    const both = values.ratio_control !== undefined && values.ratio_treatment !== undefined;
    return { ...values, diff: both ? ratioDifference(control, treatment) : undefined };
  }
  const { difference, test, uplift } = result;
  const shown = isRefusal(uplift) ? undefined : uplift;
  const log = shown && !isRefusal(shown.log) ? shown.log : undefined;
  const fieller = shown && !isRefusal(shown.interval) ? shown.interval : undefined;
  return {
    ...values,
    se_control: result.control.se,
    se_treatment: result.treatment.se,
    diff: difference.value,
    se: difference.se,
    z: test.statistic,
    ci: [difference.interval.lower, difference.interval.upper],
    uplift: shown?.value,
    se_log_ratio: log?.se,
    uplift_log_ci: log && [log.interval.lower, log.interval.upper],
    uplift_fieller_ci: fieller && [fieller.lower, fieller.upper],
    p: test.p,
    log_p: test.logP,
  };
}

function cluster(input: { cluster_size: number[]; cluster_sum: number[] }): Record<string, unknown> {
  sameLength(input.cluster_size, input.cluster_sum);
  const [size, sum] = [scaled(input.cluster_size), scaled(input.cluster_sum)];
  const unit = 10 ** (sum.places - size.places);
  const recipients = size.whole.map((its, i) => crossSumsOf([sum.whole[i]!, its]));
  const arm = recipients.reduce(addCrossSums, emptyCrossSums(2));
  const result = clusterMean(arm, 0.95);
  if (isRefusal(result)) return impossibleRatio(arm) ? {} : { mean: ratioOf(arm) / unit };
  const [cr0, cr1] = [result.seCr0 / unit, result.seCr1 / unit];
  return { mean: result.mean.value / unit, se_cr0: cr0, se_cr1: cr1, se_cr1_lm: cr1 };
}

import { policyTree } from '../../../src/statistics/policy/policy-tree.js';
import { policyValue } from '../../../src/statistics/policy/policy-value.js';
import type { Depth } from '../../../src/statistics/policy/search-tree.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';
import { sums, type RawSums } from './reference-inputs.js';

interface RawCohort {
  arms: RawSums[];
  propensity: number[];
  policy_arm: number;
}

export const policyAdapters: Adapters = {
  'policy.value': {
    covers: ['policy.value'],
    run: ({ cohorts }: { cohorts: RawCohort[] }) => {
      const result = policyValue(
        cohorts.map((cohort) => ({
          arms: cohort.arms.map(sums),
          propensity: cohort.propensity,
          arm: cohort.policy_arm,
        })),
        0.95,
      );
      if (isRefusal(result)) return {};
      return {
        ips: result.inversePropensity.value,
        ips_se: result.inversePropensity.se,
        snips: result.selfNormalised.value,
        snips_se: result.selfNormalised.se,
        cell_mean: result.cellMean.value,
        cell_mean_se_fixed_mix: result.cellMean.fixedMix.se,
        cell_mean_se_superpopulation: result.cellMean.superpopulation.se,
      };
    },
  },
  'policy.tree': {
    covers: ['policy.tree'],
    run: ({ rows }: { rows: { attrs: number[]; weight: number; reward: number[] }[] }) => {
      const cells = rows.map(({ attrs, weight, reward }) => ({ attributes: attrs, weight, rewards: reward }));
      const value = (depth: Depth) => {
        const result = policyTree(cells, depth);
        return isRefusal(result) ? undefined : result.value;
      };
      return { value_depth0: value(0), value_depth1: value(1), value_depth2: value(2) };
    },
  },
};

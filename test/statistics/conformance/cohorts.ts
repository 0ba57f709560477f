import { heterogeneity } from '../../../src/statistics/cohorts/heterogeneity.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';

export const cohortAdapters: Adapters = {
  'cohort.heterogeneity': {
    covers: ['cohort.heterogeneity'],
    run: cohorts,
  },
};

function cohorts({ effect, se }: { effect: number[]; se: number[] }): Record<string, unknown> {
  const result = heterogeneity(effect.map((value, i) => ({ value, se: se[i]! })));
  if (isRefusal(result)) return {};
  return {
    fixed: result.fixed.value,
    fixed_se: result.fixed.se,
    Q: result.test.statistic,
    df: result.test.df[0],
    p: result.test.p,
    log_p: result.test.logP,
    I2: result.iSquared,
    tau2_pm: result.tauSquared,
    random_pm: result.random.value,
    random_pm_se: result.random.se,
    shrunk: result.shrunk.map((cohort) => cohort.value),
    shrunk_se: result.shrunk.map((cohort) => cohort.se),
  };
}

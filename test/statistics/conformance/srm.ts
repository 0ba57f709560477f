import { cohortSrm } from '../../../src/statistics/srm/cohort-srm.js';
import { exactBinomial } from '../../../src/statistics/srm/exact-binomial.js';
import { isRefusal } from '../../../src/statistics/result.js';
import { sequentialSrm } from '../../../src/statistics/srm/sequential-srm.js';
import { chiSquaredSplit } from '../../../src/statistics/srm/srm.js';
import { testOf, whole } from './reference-inputs.js';
import type { Adapters } from './adapter.js';

export const srmAdapters: Adapters = {
  'srm.chisq': {
    covers: ['srm.chi_squared'],
    run: ({ observed, weights }: { observed: number[]; weights: number[] }) => {
      const result = chiSquaredSplit(observed.map(whole), weights);
      return isRefusal(result) ? {} : { ...testOf(result), std_residuals: result.residuals };
    },
  },
  'srm.binomial_exact': {
    covers: ['srm.exact'],
    run: ({ k, n, p }: { k: number; n: number; p: number }) => {
      const result = exactBinomial(k, n, p);
      return isRefusal(result) ? {} : { p: result.p, log_p: result.logP };
    },
  },
  'seq.srm_multinomial': {
    covers: ['srm.sequential'],
    run: (input: { counts: number[]; weights: number[]; concentration: number }) => {
      const result = sequentialSrm([input.counts.map(whole)], input.weights, input.concentration);
      if (isRefusal(result)) return {};
      return { log_bf: result.statistic, p: result.p, posterior_mean: result.posteriorMean };
    },
  },
  'srm.cohorts': { covers: ['srm.cohorts'], run: cohorts },
};

function cohorts(input: { cohorts: number[][]; weights: number[] }): Record<string, unknown> {
  const result = cohortSrm(
    input.cohorts.map((counts) => counts.map(whole)),
    input.weights,
  );
  if (isRefusal(result)) return {};
  return {
    cohorts: result.cohorts.map((cohort) =>
      isRefusal(cohort)
        ? {}
        : {
            statistic: cohort.statistic,
            p: cohort.p,
            std_residuals: cohort.residuals,
            p_holm: cohort.pHolm,
          },
    ),
    pooled_statistic: result.pooled.statistic,
    pooled_p: result.pooled.p,
    total_statistic: result.total.statistic,
    total_df: result.total.df[0],
    total_p: result.total.p,
  };
}

import { exactBinomial } from '../../../src/statistics/srm/exact-binomial.js';
import { isRefusal } from '../../../src/statistics/result.js';
import { srm } from '../../../src/statistics/srm/srm.js';
import { testOf } from './reference-inputs.js';
import type { Adapters } from './adapter.js';

export const srmAdapters: Adapters = {
  'srm.chisq': {
    covers: ['srm.chi_squared'],
    run: ({ observed, weights }: { observed: number[]; weights: number[] }) => {
      const result = srm(observed.map(BigInt), weights);
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
};

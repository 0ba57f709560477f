import {
  confidenceSequence,
  sequenceTuning,
} from '../../../src/statistics/sequential/confidence-sequence.js';
import { msprt } from '../../../src/statistics/sequential/msprt.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';

export const sequentialAdapters: Adapters = {
  'seq.asymptotic_cs': { covers: ['sequential.confidence_sequence'], run: asymptoticCs },
  'seq.msprt_normal': { covers: ['sequential.msprt'], run: msprtNormal },
};

interface WatchedEstimate {
  alpha: number;
  n_opt: number;
  n: number;
  se: number;
  estimate: number;
}

function asymptoticCs({ alpha, n_opt, n, se, estimate }: WatchedEstimate): Record<string, unknown> {
  const result = confidenceSequence({ value: estimate, se, n: BigInt(n) }, n_opt, alpha);
  if (isRefusal(result)) return {};
  return {
    rho_approx: result.rho,
    rho_exact: sequenceTuning(n_opt, alpha).exact,
    halfwidth: result.halfWidth,
    fixed_halfwidth: result.fixedHalfWidth,
    p: result.test.p,
    log_p: result.test.logP,
    significant: result.significant,
  };
}

function msprtNormal(input: {
  alpha: number;
  estimate: number;
  se2: number;
  tau2: number;
}): Record<string, unknown> {
  const estimate = { value: input.estimate, se: Math.sqrt(input.se2) };
  const result = msprt(estimate, Math.sqrt(input.tau2), input.alpha);
  if (isRefusal(result)) return {};
  return { log_lambda: result.logRatio, p: result.test.p, halfwidth: result.halfWidth };
}

import {
  confidenceSequence,
  sequenceTuning,
} from '../../../src/statistics/sequential/confidence-sequence.js';
import { groupSequential } from '../../../src/statistics/sequential/group-sequential.js';
import { msprt } from '../../../src/statistics/sequential/msprt.js';
import type { Spending } from '../../../src/statistics/sequential/spending.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';
import { whole } from './reference-inputs.js';

export const sequentialAdapters: Adapters = {
  'seq.asymptotic_cs': { covers: ['sequential.confidence_sequence'], run: asymptoticCs },
  'seq.msprt_normal': { covers: ['sequential.msprt'], run: msprtNormal },
  'seq.group_sequential': { covers: ['sequential.group_sequential'], run: plan },
};

interface WatchedEstimate {
  alpha: number;
  n_opt: number;
  n: number;
  se: number;
  estimate: number;
}

function asymptoticCs({ alpha, n_opt, n, se, estimate }: WatchedEstimate): Record<string, unknown> {
  const result = confidenceSequence({ value: estimate, se, n: whole(n) }, n_opt, alpha);
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

type RawSpending = 'OF' | 'Pocock' | { power: number } | { hsd: number };

function plan(input: {
  info: number[];
  alpha: number;
  spending: RawSpending;
  power: number;
}): Record<string, unknown> {
  const result = groupSequential(input.info, spendingOf(input.spending), input.alpha, input.power);
  if (isRefusal(result)) return {};
  return {
    z_bounds: result.looks.map((look) => look.bound),
    nominal_p_two_sided: result.looks.map((look) => look.nominalP),
    cumulative_alpha: result.looks.map((look) => look.cumulativeAlpha),
    drift: result.drift,
    inflation: result.inflation,
  };
}

function spendingOf(raw: RawSpending): Spending {
  if (raw === 'OF') return { kind: 'obrien_fleming' };
  if (raw === 'Pocock') return { kind: 'pocock' };
  if ('power' in raw) return { kind: 'power', exponent: raw.power };
  return { kind: 'hwang_shih_decani', gamma: raw.hsd };
}

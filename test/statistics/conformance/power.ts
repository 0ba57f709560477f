import { powerAnova, sampleSizeAnova } from '../../../src/statistics/power/power-anova.js';
import { powerChiSquared, sampleSizeChiSquared } from '../../../src/statistics/power/power-chi-squared.js';
import { detectableEffect } from '../../../src/statistics/power/power-effect.js';
import { planFactorial } from '../../../src/statistics/power/power-factorial.js';
import {
  detectableDifference,
  powerMeans,
  sampleSizeMeans,
} from '../../../src/statistics/power/power-means.js';
import { detectableRate, powerProportions } from '../../../src/statistics/power/power-proportions.js';
import { sampleSizeProportions } from '../../../src/statistics/power/sample-size.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';

interface RateInput {
  p1: number;
  p2?: number;
  n?: number;
  power?: number;
  alpha: number;
  strict?: boolean;
}

interface MeanInput {
  n?: number;
  delta?: number;
  sd: number;
  power?: number;
  alpha: number;
  strict?: boolean;
}

interface AnovaInput {
  groups: number;
  n?: number;
  between_var: number;
  within_var: number;
  alpha: number;
  power?: number;
}

export const powerAdapters: Adapters = {
  'power.prop': {
    covers: ['plan.sample_size', 'plan.power_proportions', 'plan.detectable_rate'],
    run: powerOfProportions,
  },
  'power.prop_unequal': {
    covers: ['plan.sample_size'],
    run: (input: { p1: number; p2: number; ratio: number; alpha: number; power: number }) => {
      const result = sampleSizeProportions({ ...input, baseline: input.p1, treatment: input.p2 });
      return isRefusal(result) ? {} : { n_control: result.control, n_treatment: result.treatment };
    },
  },
  'power.t': {
    covers: ['plan.power_means', 'plan.sample_size_means', 'plan.detectable_difference'],
    run: powerOfMeans,
  },
  'power.mde': {
    covers: ['plan.detectable_effect'],
    run: (input: {
      var_control: number;
      var_treatment: number;
      n_control: number;
      n_treatment: number;
      alpha: number;
      power: number;
      rho: number;
      n_opt: number;
    }) => {
      const result = detectableEffect({
        controlVariance: input.var_control,
        treatmentVariance: input.var_treatment,
        controlN: input.n_control,
        treatmentN: input.n_treatment,
        alpha: input.alpha,
        power: input.power,
        correlation: input.rho,
        sequenceN: input.n_opt,
      });
      if (isRefusal(result)) return {};
      return {
        mde: result.effect,
        mde_cuped: result.adjusted,
        mde_asymptotic_cs_fixed_look: result.sequential,
      };
    },
  },
  'power.factorial': {
    covers: ['plan.factorial'],
    run: (input: { var: number; effect: number; alpha: number; power: number; N: number }) => {
      const result = planFactorial({ ...input, variance: input.var, total: input.N });
      if (isRefusal(result)) return {};
      const [interaction] = result.interactions;
      return {
        n_main: result.main.total,
        n_interaction: interaction?.total,
        se_main_at_N: result.main.se,
        se_interaction_at_N: interaction?.se,
      };
    },
  },
  'power.anova': { covers: ['plan.power_anova', 'plan.sample_size_anova'], run: powerOfAnova },
  'power.chisq': {
    covers: ['plan.power_chi_squared', 'plan.sample_size_chi_squared'],
    run: ({
      p0,
      p1,
      n,
      alpha,
      power,
    }: {
      p0: number[];
      p1: number[];
      n?: number;
      alpha: number;
      power?: number;
    }) => {
      const shares = { planned: p0, actual: p1, alpha };
      if (n === undefined) {
        const size = sampleSizeChiSquared({ ...shares, power: power! });
        return isRefusal(size) ? {} : { n: size.n };
      }
      const result = powerChiSquared({ ...shares, n });
      return isRefusal(result) ? {} : { w2: result.effectSize, power: result.power };
    },
  },
};

function powerOfProportions({ p1, p2, n, power, alpha, strict }: RateInput): Record<string, unknown> {
  const shared = { baseline: p1, alpha, ...(strict === undefined ? {} : { strict }) };
  if (n !== undefined && p2 !== undefined) {
    const result = powerProportions({ ...shared, treatment: p2, n });
    return isRefusal(result) ? {} : { power: result.power };
  }
  if (n !== undefined) {
    const result = detectableRate({ ...shared, n, power: power! });
    return isRefusal(result) ? {} : { p2: result.rate };
  }
  const sizes = sampleSizeProportions({ ...shared, treatment: p2!, power: power! });
  return isRefusal(sizes) ? {} : { n: sizes.control };
}

function powerOfMeans({ n, delta, sd, power, alpha, strict }: MeanInput): Record<string, unknown> {
  const shared = { sd, alpha, ...(strict === undefined ? {} : { strict }) };
  if (n !== undefined && delta !== undefined) {
    const result = powerMeans({ ...shared, difference: delta, n });
    return isRefusal(result) ? {} : { power: result.power };
  }
  if (n !== undefined) {
    const result = detectableDifference({ ...shared, n, power: power! });
    return isRefusal(result) ? {} : { delta: result.difference };
  }
  const sizes = sampleSizeMeans({ ...shared, difference: delta!, power: power! });
  return isRefusal(sizes) ? {} : { n: sizes.control };
}

function powerOfAnova({
  groups,
  n,
  between_var,
  within_var,
  alpha,
  power,
}: AnovaInput): Record<string, unknown> {
  const shared = { groups, betweenVariance: between_var, withinVariance: within_var, alpha };
  if (n === undefined) {
    const size = sampleSizeAnova({ ...shared, power: power! });
    return isRefusal(size) ? {} : { n: size.n };
  }
  const result = powerAnova({ ...shared, n });
  return isRefusal(result) ? {} : { power: result.power };
}

import { betweenVariance } from '../../../src/statistics/cohorts/between-variance.js';
import { cmh } from '../../../src/statistics/cohorts/cmh.js';
import { heterogeneity } from '../../../src/statistics/cohorts/heterogeneity.js';
import { poststratified } from '../../../src/statistics/cohorts/poststratified.js';
import { effectTrend } from '../../../src/statistics/cohorts/trend.js';
import { versusRest } from '../../../src/statistics/cohorts/versus-rest.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';
import { exactSums, type Moments } from './moments.js';
import { count, sameLength, sides, type RawCount } from './reference-inputs.js';

export const cohortAdapters: Adapters = {
  'cohort.heterogeneity': { covers: ['cohort.heterogeneity', 'cohort.between_variance'], run: cohorts },
  'cohort.vs_rest': { covers: ['cohort.versus_rest'], run: rest },
  'cohort.cmh': { covers: ['cohort.cmh'], run: mantelHaenszel },
  'cohort.poststratified': { covers: ['cohort.poststratified_means'], run: mixed },
  'trend.effect_by_day': { covers: ['cohort.trend'], run: trend },
};

interface Effects {
  effect: number[];
  se: number[];
}

function effectsOf({ effect, se }: Effects) {
  sameLength(effect, se);
  return effect.map((value, i) => ({ value, se: se[i]! }));
}

function cohorts(input: Effects): Record<string, unknown> {
  const result = heterogeneity(effectsOf(input));
  const between = betweenVariance(effectsOf(input));
  if (isRefusal(result) || isRefusal(between)) return {};
  return {
    fixed: result.fixed.value,
    fixed_se: result.fixed.se,
    Q: result.test.statistic,
    df: result.test.df[0],
    p: result.test.p,
    log_p: result.test.logP,
    I2: result.iSquared,
    tau2_dl: between.derSimonianLaird,
    tau2_pm: result.tauSquared,
    tau2_reml: between.restrictedLikelihood,
    random_pm: result.random.value,
    random_pm_se: result.random.se,
    shrunk: result.shrunk.map((cohort) => cohort.value),
    shrunk_se: result.shrunk.map((cohort) => cohort.se),
  };
}

function rest(input: Effects): Record<string, unknown> {
  const result = versusRest(effectsOf(input), 0.95);
  if (isRefusal(result)) return {};
  return {
    cohorts: result.cohorts.map(({ difference, test }, i) => ({
      difference: difference.value,
      z: test.statistic,
      p: test.p,
      p_bh: result.discovery[i],
      p_holm: result.holm[i],
    })),
  };
}

interface Pairs<Arm> {
  cohorts: { control: Arm; treatment: Arm }[];
}

function mantelHaenszel(input: Pairs<RawCount> & { level: number }): Record<string, unknown> {
  const pairs = input.cohorts.map(({ control, treatment }) => ({
    control: count(control),
    treatment: count(treatment),
  }));
  const result = cmh(pairs, input.level);
  if (isRefusal(result)) return {};
  const { test, commonOddsRatio, homogeneity } = result;
  const ratio = isRefusal(commonOddsRatio) ? undefined : commonOddsRatio;
  return {
    statistic: test.statistic,
    df: test.df[0],
    p: test.p,
    log_p: test.logP,
    common_odds_ratio: ratio?.value,
    se_log_or: ratio?.se,
    ci: sides(commonOddsRatio),
    woolf: homogeneity?.statistic,
    woolf_df: homogeneity?.df[0],
    woolf_p: homogeneity?.p,
  };
}

function mixed(input: Pairs<Moments>): Record<string, unknown> {
  const { arms, unit } = exactSums(input.cohorts.flatMap(({ control, treatment }) => [control, treatment]));
  const pairs = input.cohorts.map((_, i) => arms.slice(2 * i, 2 * i + 2));
  const result = poststratified('mean', pairs, 0.95);
  if (isRefusal(result)) return {};
  return {
    estimate: result.estimate.value * unit,
    se: result.estimate.se * unit,
    z: result.test.statistic,
    p: result.test.p,
    log_p: result.test.logP,
  };
}

function trend({ day, ...input }: Effects & { day: number[] }): Record<string, unknown> {
  sameLength(day, input.effect);
  const sends = effectsOf(input).map((effect, i) => ({ ...effect, index: day[i]! }));
  const result = effectTrend(sends, 0.95);
  if (isRefusal(result)) return {};
  return {
    slope: result.slope.value,
    se: result.slope.se,
    z: result.test.statistic,
    intercept: result.intercept.value,
    p: result.test.p,
    log_p: result.test.logP,
  };
}

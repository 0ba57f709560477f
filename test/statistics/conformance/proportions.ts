import { agrestiCaffo } from '../../../src/statistics/proportions/agresti-caffo.js';
import { agrestiCoull } from '../../../src/statistics/proportions/agresti-coull.js';
import { barnard } from '../../../src/statistics/proportions/barnard.js';
import { clopperPearson, jeffreys } from '../../../src/statistics/proportions/beta-intervals.js';
import { boschloo } from '../../../src/statistics/proportions/boschloo.js';
import { rateDeltaUplift } from '../../../src/statistics/proportions/delta-uplift.js';
import { fiellerUplift } from '../../../src/statistics/proportions/fieller-uplift.js';
import { fisherMidP } from '../../../src/statistics/proportions/fisher-mid-p.js';
import { fisher } from '../../../src/statistics/proportions/fisher.js';
import { gTest } from '../../../src/statistics/proportions/g-test.js';
import { katz } from '../../../src/statistics/proportions/katz.js';
import { logOddsRatio } from '../../../src/statistics/proportions/log-odds-ratio.js';
import { roganGladen } from '../../../src/statistics/proportions/machine-opens.js';
import { miettinenNurminen } from '../../../src/statistics/proportions/miettinen-nurminen.js';
import { newcombe } from '../../../src/statistics/proportions/newcombe.js';
import { pearson } from '../../../src/statistics/proportions/pearson.js';
import { scoreRatio } from '../../../src/statistics/proportions/score-ratio.js';
import {
  correctedWaldDifference,
  waldDifference,
} from '../../../src/statistics/proportions/wald-difference.js';
import { wilson } from '../../../src/statistics/proportions/wilson.js';
import { yates } from '../../../src/statistics/proportions/yates.js';
import { pooledZ, unpooledZ } from '../../../src/statistics/proportions/z-test.js';
import { impossibleCounts, rateDifference, type Count } from '../../../src/statistics/count.js';
import { isRefusal, type OrRefusal, type TestResult } from '../../../src/statistics/result.js';
import { count, sameLength, sides, testOf, whole, type RawCount, type Two } from './reference-inputs.js';
import type { Adapters } from './adapter.js';

export const proportionAdapters: Adapters = {
  'prop.pearson': {
    covers: ['proportion.pearson'],
    run: (input: { x: number[]; n: number[] }) => testOf(pearson(arms(input))),
  },
  'prop.gtest': {
    covers: ['proportion.g_test'],
    run: (input: { x: number[]; n: number[] }) => testOf(gTest(arms(input))),
  },
  'prop.yates': {
    covers: ['proportion.yates'],
    run: ({ control, treatment }: Two<RawCount>) => testOf(yates(count(control), count(treatment))),
  },
  'prop.ztest': { covers: ['proportion.pooled_z', 'proportion.unpooled_z'], run: zTests },
  'prop.fisher': { covers: ['proportion.fisher', 'proportion.fisher_mid_p'], run: fisherTests },
  'prop.unconditional': {
    covers: ['proportion.barnard', 'proportion.boschloo'],
    run: ({ control, treatment }: Two<RawCount>) => {
      const [c, t] = [count(control), count(treatment)];
      return {
        barnard_two_sided: p(barnard(c, t)),
        barnard_greater: p(barnard(c, t, 'greater')),
        boschloo_greater: p(boschloo(c, t, 'greater')),
      };
    },
  },
  'prop.one_sample_ci': {
    covers: [
      'proportion.wilson',
      'proportion.agresti_coull',
      'proportion.clopper_pearson',
      'proportion.jeffreys',
    ],
    run: (input: RawCount & { level: number }) => ({
      wilson: sides(wilson(count(input), input.level)),
      agresti_coull: sides(agrestiCoull(count(input), input.level)),
      clopper_pearson: sides(clopperPearson(count(input), input.level)),
      jeffreys: sides(jeffreys(count(input), input.level)),
    }),
  },
  'prop.diff_newcombe': {
    covers: ['proportion.newcombe'],
    run: ({ control, treatment, level }: Two<RawCount>) => {
      const result = newcombe(count(control), count(treatment), level);
      if (isRefusal(result)) return pointDifference(count(control), count(treatment));
      return { diff: result.value, ci: sides(result) };
    },
  },
  'prop.diff_miettinen_nurminen': {
    covers: ['proportion.score_difference', 'proportion.miettinen_nurminen'],
    run: ({ control, treatment, level }: Two<RawCount>) => {
      const result = miettinenNurminen(count(control), count(treatment), level);
      if (isRefusal(result)) return pointDifference(count(control), count(treatment));
      const { difference, test } = result;
      const { statistic, ...tail } = testOf(test);
      return { diff: difference.value, ci: sides(difference), z_null: statistic, ...tail };
    },
  },
  'prop.diff_wald_ac': {
    covers: [
      'proportion.wald_difference',
      'proportion.corrected_wald_difference',
      'proportion.agresti_caffo',
    ],
    run: ({ control, treatment, level }: Two<RawCount>) => ({
      wald: sides(waldDifference(count(control), count(treatment), level)),
      wald_cc: sides(correctedWaldDifference(count(control), count(treatment), level)),
      agresti_caffo: sides(agrestiCaffo(count(control), count(treatment), level)),
    }),
  },
  'prop.uplift': {
    covers: [
      'proportion.score_ratio',
      'proportion.katz',
      'proportion.delta_uplift',
      'proportion.fieller_uplift',
      'proportion.log_odds_ratio',
    ],
    run: uplifts,
  },
  'email.rogan_gladen': { covers: ['proportion.rogan_gladen'], run: humanOpens },
};

/** What is known even where no interval is. */
function pointDifference(control: Count, treatment: Count): { diff?: number } {
  return impossibleCounts([control, treatment]) ? {} : { diff: rateDifference(control, treatment) };
}

function arms({ x, n }: { x: number[]; n: number[] }): Count[] {
  sameLength(x, n);
  return x.map((k, i) => count({ x: k, n: n[i]! }));
}

function p(result: OrRefusal<{ p: number }>): number | undefined {
  return isRefusal(result) ? undefined : result.p;
}

function logP(result: OrRefusal<TestResult>): number | undefined {
  return isRefusal(result) ? undefined : result.logP;
}

function zTests({ control, treatment, level }: Two<RawCount>): Record<string, unknown> {
  const [c, t] = [count(control), count(treatment)];
  const [pooled, unpooled, greater] = [pooledZ(c, t), unpooledZ(c, t), pooledZ(c, t, 'greater')];
  const wald = waldDifference(c, t, level);
  return {
    ...(isRefusal(wald) ? {} : { diff: wald.value, se_unpooled: wald.se }),
    z_pooled: testOf(pooled).statistic,
    p_pooled: p(pooled),
    log_p_pooled: logP(pooled),
    z_unpooled: testOf(unpooled).statistic,
    p_unpooled: p(unpooled),
    log_p_unpooled: logP(unpooled),
    p_pooled_greater: p(greater),
    log_p_pooled_greater: logP(greater),
  };
}

function fisherTests({ control, treatment }: Two<RawCount>): Record<string, unknown> {
  const [c, t] = [count(control), count(treatment)];
  const [both, greater, less] = [fisher(c, t), fisher(c, t, 'greater'), fisher(c, t, 'less')];
  return {
    p_two_sided: p(both),
    log_p_two_sided: logP(both),
    p_greater: p(greater),
    log_p_greater: logP(greater),
    p_less: p(less),
    log_p_less: logP(less),
    midp_two_sided: p(fisherMidP(c, t)),
  };
}

function uplifts({ control, treatment, level }: Two<RawCount>): Record<string, unknown> {
  const [c, t] = [count(control), count(treatment)];
  const [score, log, odds] = [scoreRatio(c, t, level, 'n-1'), katz(c, t, level), logOddsRatio(c, t, level)];
  return {
    uplift: isRefusal(score) ? undefined : score.value,
    score_ci: sides(score),
    se_log_ratio: isRefusal(log) ? undefined : log.seLog,
    log_ci: sides(log),
    delta_ci: sides(rateDeltaUplift(c, t, level)),
    fieller_ci: sides(fiellerUplift(c, t, level)),
    log_odds_ratio: isRefusal(odds) ? undefined : odds.value,
    log_odds_ratio_ci: sides(odds),
  };
}

interface RawOpens {
  opens: number;
  n: number;
  machine_share: number;
  n_machine_sample: number;
}

function humanOpens(input: RawOpens): Record<string, unknown> {
  const machines = { share: input.machine_share, n: whole(input.n_machine_sample) };
  const result = roganGladen(count({ x: input.opens, n: input.n }), machines, 0.95);
  return isRefusal(result) ? {} : { observed: result.observed, human_rate: result.value, se: result.se };
}

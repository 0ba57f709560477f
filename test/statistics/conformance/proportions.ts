import { fisherMidP } from '../../../src/statistics/proportions/fisher-mid-p.js';
import { pearson } from '../../../src/statistics/proportions/pearson.js';
import { isRefusal } from '../../../src/statistics/result.js';
import { scoreDifference } from '../../../src/statistics/proportions/score-difference.js';
import { scoreRatio } from '../../../src/statistics/proportions/score-ratio.js';
import { waldDifference } from '../../../src/statistics/proportions/wald-difference.js';
import { wilson } from '../../../src/statistics/proportions/wilson.js';
import { count, sides, testOf, type RawCount, type Two } from './reference-inputs.js';
import type { Adapters } from './adapter.js';

export const proportionAdapters: Adapters = {
  'prop.pearson': {
    covers: ['proportion.pearson'],
    run: ({ x, n }: { x: number[]; n: number[] }) =>
      testOf(pearson(x.map((k, i) => count({ x: k, n: n[i]! })))),
  },
  'prop.fisher': {
    covers: ['proportion.fisher_mid_p'],
    run: ({ control, treatment }: Two<RawCount>) => {
      const result = fisherMidP(count(control), count(treatment));
      return isRefusal(result) ? {} : { midp_two_sided: result.p };
    },
  },
  'prop.one_sample_ci': {
    covers: ['proportion.wilson'],
    run: (input: RawCount & { level: number }) => ({ wilson: sides(wilson(count(input), input.level)) }),
  },
  'prop.diff_miettinen_nurminen': {
    covers: ['proportion.score_difference'],
    run: ({ control, treatment, level }: Two<RawCount>) => {
      const result = scoreDifference(count(control), count(treatment), level, 'n-1');
      return isRefusal(result) ? {} : { diff: result.value, ci: sides(result) };
    },
  },
  'prop.diff_wald_ac': {
    covers: ['proportion.wald_difference'],
    run: ({ control, treatment, level }: Two<RawCount>) => ({
      wald: sides(waldDifference(count(control), count(treatment), level)),
    }),
  },
  'prop.uplift': {
    covers: ['proportion.score_ratio'],
    run: ({ control, treatment, level }: Two<RawCount>) => {
      const result = scoreRatio(count(control), count(treatment), level, 'n-1');
      return isRefusal(result) ? {} : { uplift: result.value, score_ci: sides(result) };
    },
  },
};

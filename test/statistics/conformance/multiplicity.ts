import type { AdjustedPs } from '../../../src/statistics/multiplicity/adjusted-p.js';
import { benjaminiHochberg } from '../../../src/statistics/multiplicity/benjamini-hochberg.js';
import { benjaminiYekutieli } from '../../../src/statistics/multiplicity/benjamini-yekutieli.js';
import { bonferroni } from '../../../src/statistics/multiplicity/bonferroni.js';
import { dunnettFromMoments } from '../../../src/statistics/multiplicity/dunnett.js';
import { gatekeeping } from '../../../src/statistics/multiplicity/gatekeeping.js';
import { hochberg } from '../../../src/statistics/multiplicity/hochberg.js';
import { holm } from '../../../src/statistics/multiplicity/holm.js';
import { selectedEffect } from '../../../src/statistics/multiplicity/selected-effect.js';
import { sidak } from '../../../src/statistics/multiplicity/sidak.js';
import { isRefusal, type OrRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';

interface RawMoments {
  n: number;
  mean: number;
  var: number;
}

const moments = ({ n, mean, var: variance }: RawMoments) => ({ n, mean, variance });

const logs = (ps: readonly number[]) => ps.map((p) => Math.log(p));
const pOf = (answer: OrRefusal<AdjustedPs>) => (isRefusal(answer) ? undefined : answer.p);

export const multiplicityAdapters: Adapters = {
  'mult.adjust': {
    covers: [
      'multiplicity.holm',
      'multiplicity.hochberg',
      'multiplicity.bonferroni',
      'multiplicity.sidak',
      'multiplicity.benjamini_hochberg',
      'multiplicity.benjamini_yekutieli',
    ],
    run: ({ p }: { p: number[] }) => ({
      holm: pOf(holm(logs(p))),
      hochberg: pOf(hochberg(logs(p))),
      bonferroni: pOf(bonferroni(logs(p))),
      sidak: pOf(sidak(logs(p))),
      bh: pOf(benjaminiHochberg(logs(p))),
      by: pOf(benjaminiYekutieli(logs(p))),
    }),
  },
  'mult.dunnett': {
    covers: ['multiplicity.dunnett'],
    run: ({ arms, level }: { arms: RawMoments[]; level: number }) => {
      const answer = dunnettFromMoments(arms.map(moments), level);
      if (isRefusal(answer)) return {};
      const { comparisons, correlations } = answer;
      return {
        t: comparisons.map(({ test }) => test.statistic),
        df: comparisons[0]?.test.df[0],
        p_adjusted: comparisons.map(({ test }) => test.p),
        p_raw: comparisons.map(({ unadjusted }) => unadjusted.p),
        critical: comparisons[0]?.critical,
        correlation_12: correlations[0]?.[1],
      };
    },
  },
  'mult.hierarchical': {
    covers: ['multiplicity.gatekeeping'],
    run: ({ families }: { families: number[][] }) => {
      const answer = gatekeeping(families.map((family) => ({ logPs: logs(family) })));
      return isRefusal(answer) ? {} : { adjusted_all_gate: answer.families.map(({ p }) => p) };
    },
  },
  'selection.median_unbiased': {
    covers: ['multiplicity.selected_effect'],
    run: ({ z, c, level = 0.95 }: { z: number; c: number; level?: number }) => {
      const answer = selectedEffect(z, 1, c, level);
      if (isRefusal(answer)) return { naive: z };
      return { estimate: answer.value, ci: [answer.interval.lower, answer.interval.upper], naive: z };
    },
  },
};

import type { Count } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { benjaminiHochberg } from '../../src/statistics/multiplicity/benjamini-hochberg.js';
import { benjaminiYekutieli } from '../../src/statistics/multiplicity/benjamini-yekutieli.js';
import { bonferroni } from '../../src/statistics/multiplicity/bonferroni.js';
import { dunnettRates } from '../../src/statistics/multiplicity/dunnett-rates.js';
import { hochberg } from '../../src/statistics/multiplicity/hochberg.js';
import { holm } from '../../src/statistics/multiplicity/holm.js';
import { selectedEffect } from '../../src/statistics/multiplicity/selected-effect.js';
import { sidak } from '../../src/statistics/multiplicity/sidak.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { isRefusal } from '../../src/statistics/result.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 10_000;
const FAMILIES = 4000;
const N = 5000;

type Judge = (arms: readonly Count[]) => readonly boolean[];

/** Which treatments are said to differ from the control, the first arm. */
const judges: Readonly<Record<string, Judge>> = {
  'none (for comparison)': (arms) => logPs(arms).map((logP) => logP < Math.log(0.05)),
  Bonferroni: (arms) => below(bonferroni(logPs(arms))),
  Šidák: (arms) => below(sidak(logPs(arms))),
  'Holm (reports)': (arms) => below(holm(logPs(arms))),
  Hochberg: (arms) => below(hochberg(logPs(arms))),
  'Benjamini-Hochberg, at 10 %': (arms) => below(benjaminiHochberg(logPs(arms)), 0.1),
  'Benjamini-Yekutieli, at 10 %': (arms) => below(benjaminiYekutieli(logPs(arms)), 0.1),
  Dunnett: (arms) => {
    const result = dunnettRates(arms, 0.95);
    return isRefusal(result) ? [] : result.comparisons.map(({ test }) => test.p < 0.05);
  },
};

export const manyArms: Study = {
  id: 'many-arms',
  title: 'Seven arms against one control',
  story:
    '5,000 recipients per arm, a rate of 5 %. Without any effect, in how many experiments is at least one arm said to ' +
    'differ; and if three of the seven have 6.5 %, which share of these is found, which share of what is said is false. ' +
    'The first is promised (5 %) by all but Benjamini-Hochberg and Benjamini-Yekutieli, who promise the last (10 %).',
  columns: ['false alarm without effect', 'true effects found', 'false among said'],
  runs: FAMILIES,
  rows: (random) => {
    const none = experiments([], random);
    const some = experiments([1, 2, 3], random);
    return Object.entries(judges).map(([method, judge]): Row => {
      const alarms = none.filter((arms) => judge(arms).some(Boolean)).length;
      const said = some.map((arms) => judge(arms));
      const right = said.reduce((sum, row) => sum + row.slice(0, 3).filter(Boolean).length, 0);
      const falsely = said.reduce((sum, row) => {
        const all = row.filter(Boolean).length;
        return sum + (all === 0 ? 0 : row.slice(3).filter(Boolean).length / all);
      }, 0);
      return {
        condition: '8 arms of 5,000, 5 %',
        method,
        observed: [
          counted(alarms, FAMILIES),
          counted(right, 3 * FAMILIES),
          { share: falsely / FAMILIES, error: 0.003 },
        ],
      };
    });
  },
};

function experiments(better: readonly number[], random: Chance): Count[][] {
  const [base, more] = [0.05, 0.065].map((p) => drawFrom(binomialTable(N, p, binomial.logPmf)));
  return Array.from({ length: FAMILIES }, () =>
    Array.from({ length: 8 }, (_, arm) => {
      const draw = better.includes(arm) ? more : base;
      return { successes: BigInt(draw?.(random) ?? 0), n: BigInt(N) };
    }),
  );
}

function logPs([control, ...others]: readonly Count[]): number[] {
  return others.map((other) => {
    const test = control && pearson([control, other]);
    return !test || isRefusal(test) ? 0 : test.logP;
  });
}

function below(adjusted: ReturnType<typeof holm>, alpha = 0.05): boolean[] {
  return isRefusal(adjusted) ? [] : adjusted.p.map((p) => p < alpha);
}

export const winnersCurse: Study = {
  id: 'winners-curse',
  title: "What is left of an effect that was shown because it was significant (the winner's curse)",
  story:
    'Only experiments with p < 5 % in the right direction are looked at, as people do. The plain estimate is too large far ' +
    'more often than not; the conditional one is too large in half of them, and its interval keeps its promise.',
  columns: ['estimate above the truth (50 %)', 'estimate over truth, on average', 'interval misses (5 %)'],
  runs: RUNS,
  rows: (random) => [0.17, 0.5, 0.8].flatMap((power) => selected(power, random)),
};

/** The true effect, in standard errors, that a test finds with this probability. */
const TRUE_Z: Readonly<Record<number, number>> = { 0.17: 1.0, 0.5: 1.96, 0.8: 2.8 };

function selected(power: number, random: Chance): Row[] {
  const truth = TRUE_Z[power] ?? NaN;
  const tallies = [0, 1].map(() => ({ above: 0, ratio: 0, misses: 0 }));
  const score = (i: number, value: number, lower: number, upper: number) => {
    const tally = tallies[i];
    if (!tally) return;
    tally.above += value > truth ? 1 : 0;
    tally.ratio += value / truth;
    tally.misses += lower > truth || upper < truth ? 1 : 0;
  };
  for (let run = 0; run < RUNS;) {
    const z = truth + random.normal();
    if (z <= 1.96) continue;
    const corrected = selectedEffect(z, 1, 1.96, 0.95);
    if (isRefusal(corrected)) continue;
    score(0, z, z - 1.96, z + 1.96);
    score(1, corrected.value, corrected.interval.lower, corrected.interval.upper);
    run += 1;
  }
  return ['plain (for comparison)', 'conditional, median-unbiased'].map((method, i) => {
    const { above = 0, ratio = 0, misses = 0 } = tallies[i] ?? {};
    const average = { share: ratio / RUNS, error: 0 };
    return {
      condition: `power ${Math.round(100 * power)} %`,
      method,
      observed: [counted(above, RUNS), average, counted(misses, RUNS)],
    };
  });
}

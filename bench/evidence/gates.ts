import { logTwoSidedNormal } from '../../src/statistics/distributions/normal.js';
import type { AdjustedPs } from '../../src/statistics/multiplicity/adjusted-p.js';
import { gatekeeping } from '../../src/statistics/multiplicity/gatekeeping.js';
import { graphical } from '../../src/statistics/multiplicity/graphical.js';
import { holm } from '../../src/statistics/multiplicity/holm.js';
import { isRefusal, type OrRefusal } from '../../src/statistics/result.js';
import type { Chance } from './chance.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 10_000;
/** An effect, in standard errors, that one test at 5 % finds in 90 % of experiments. */
const REAL = 3.24;

/** All goes to the primary metric first, then in equal parts to the others, who share what they get. */
const THIRD = 1 / 3;
const GRAPH = {
  weights: [1, 0, 0, 0],
  transfers: [
    [0, THIRD, THIRD, THIRD],
    [0, 0, 0.5, 0.5],
    [0, 0.5, 0, 0.5],
    [0, 0.5, 0.5, 0],
  ],
};

type Judge = (logPs: readonly number[]) => readonly boolean[];

const judges: Readonly<Record<string, Judge>> = {
  'none (for comparison)': (logPs) => logPs.map((logP) => logP < Math.log(0.05)),
  'Holm over all four': (logPs) => below(holm(logPs)),
  Gatekeeping: ([primary = 0, ...others]) => {
    const result = gatekeeping([{ logPs: [primary] }, { logPs: others }]);
    return isRefusal(result) ? [] : result.families.flatMap((family) => [...below(family)]);
  },
  'Graph of alpha': (logPs) => below(graphical(logPs, GRAPH)),
};

function below(adjusted: OrRefusal<AdjustedPs>): readonly boolean[] {
  return isRefusal(adjusted) ? [] : adjusted.p.map((p) => p <= 0.05);
}

/** Which metrics have an effect, the primary one first. */
const worlds: Readonly<Record<string, readonly boolean[]>> = {
  'no effect on any metric': [false, false, false, false],
  'on the primary one': [true, false, false, false],
  'on the primary and one other': [true, true, false, false],
};

export const metricFamilies: Study = {
  id: 'gates',
  title: 'One primary metric and three others',
  story:
    'How often an effect is claimed for at least one metric without any, and which share of the true effects is found ' +
    '(each of a size that one test finds in 90 % of experiments). Who tests the primary metric first loses nothing on it.',
  columns: ['false claim (5 %)', 'primary found', 'other found'],
  runs: RUNS,
  rows: (random) =>
    Object.entries(worlds).flatMap(([condition, effects]) => {
      const experiments = Array.from({ length: RUNS }, () => draw(effects, random));
      return Object.entries(judges).map(([method, judge]): Row => {
        const claims = experiments.map(judge);
        const falsely = claims.filter((claim) => claim.some((said, i) => said && !effects[i]));
        const found = (metric: number) =>
          effects[metric] ? claims.filter((claim) => claim[metric]).length : 0;
        const observed = [falsely.length, found(0), found(1)].map((count) => counted(count, RUNS));
        return { condition, method, observed };
      });
    }),
};

function draw(effects: readonly boolean[], random: Chance): number[] {
  return effects.map((real) => logTwoSidedNormal((real ? REAL : 0) + random.normal()));
}

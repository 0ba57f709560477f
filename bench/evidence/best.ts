import { rate, type Count } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { allPairsRates } from '../../src/statistics/multiplicity/all-pairs-rates.js';
import { bestMean } from '../../src/statistics/multiplicity/best-mean.js';
import { bestRate } from '../../src/statistics/multiplicity/best-rate.js';
import { gamesHowell } from '../../src/statistics/multiplicity/games-howell.js';
import { selectedBest } from '../../src/statistics/multiplicity/selected-best.js';
import { tukey } from '../../src/statistics/multiplicity/tukey.js';
import type { WithBestResult } from '../../src/statistics/multiplicity/with-best.js';
import { rateVariance } from '../../src/statistics/proportions/wald-difference.js';
import { wilson } from '../../src/statistics/proportions/wilson.js';
import { isRefusal, type OrRefusal } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';
import { ERRS, misses, part, pledgeRows, type Pledge } from './pledges.js';
import { anyRejects, normalArm } from './spread.js';
import type { Study } from './study.js';

const RUNS = 1000;
const N = 5000;
const EVEN = [0.05, 0.05, 0.05, 0.05, 0.05];
const ONE_BEST = [0.05, 0.05, 0.05, 0.055, 0.06];

/** Whether the arm that is truly the best (the last) is said not to be. */
function excludesLast(result: OrRefusal<WithBestResult>): boolean {
  return !isRefusal(result) && result.arms.at(-1)?.mayBeBest === false;
}

const pairsOfRates: Pledge<Count[]> = {
  method: 'all pairs, some said to differ',
  promised: 0.05,
  errs: (arms) => {
    const result = allPairsRates(arms, 0.95);
    return anyRejects(isRefusal(result) ? result : result.pairs, 0.05);
  },
};

const excluded: Pledge<Count[]> = {
  method: 'Hsu, a best arm is excluded',
  promised: 0.05,
  errs: (arms) => excludesLast(bestRate(arms, 0.95)),
};

/** The interval of the winner's rate, with and without a correction for having won. */
function winner(rates: readonly number[]): Pledge<Count[]>[] {
  const first = (arms: readonly Count[]) => {
    const values = arms.map(rate);
    return values.indexOf(Math.max(...values));
  };
  return [
    {
      method: "winner's rate, plain (for comparison)",
      promised: 0.05,
      errs: (arms) => {
        const won = arms[first(arms)];
        return won !== undefined && misses(wilson(won, 0.95), rates[first(arms)] ?? NaN);
      },
    },
    {
      method: "winner's rate, given that it won",
      promised: 0.05,
      errs: (arms) => {
        const best = selectedBest(
          arms.map((arm) => ({ value: rate(arm), se: Math.sqrt(rateVariance(arm)) })),
          0.95,
        );
        return misses(
          part(best, ({ estimate }) => estimate),
          isRefusal(best) ? NaN : (rates[best.index] ?? NaN),
        );
      },
    },
  ];
}

const meanPledges: readonly Pledge<OutcomeSums[]>[] = [
  {
    method: 'all pairs, Games-Howell',
    promised: 0.05,
    errs: (arms) => {
      const result = gamesHowell(arms, 0.95);
      return anyRejects(isRefusal(result) ? result : result.pairs, 0.05);
    },
  },
  {
    method: 'all pairs, Tukey (one variance)',
    promised: 0.05,
    errs: (arms) => {
      const result = tukey(arms, 0.95);
      return anyRejects(isRefusal(result) ? result : result.pairs, 0.05);
    },
  },
  {
    method: 'Hsu, a best arm is excluded',
    promised: 0.05,
    errs: (arms) => excludesLast(bestMean(arms, 0.95)),
  },
];

const selected: Pledge<number[]> = {
  method: "winner's mean, given that it won",
  promised: 0.05,
  errs: (values) => {
    const best = selectedBest(
      values.map((value) => ({ value, se: 1 })),
      0.95,
    );
    return misses(
      part(best, ({ estimate }) => estimate),
      0,
    );
  },
};

function normals(random: Chance): number[] {
  return EVEN.map(() => random.normal());
}

export const bestArms: Study = {
  id: 'best',
  title: 'Which arm is best',
  story:
    'Five arms of 5,000 with equal rates, then 5 % three times, 5.5 % and 6 %; and three arms of means, 400, 100 and 100 ' +
    'recipients, equal in the mean, of which the last spreads three times as much. How often some pair is said to differ ' +
    'that does not, how often the last arm, a best one, is said not to be best, and how often the interval of the arm that ' +
    'came out on top misses its true rate. Close finishes of whole counts and refused ties make the corrected interval err ' +
    'less than it promises; on exactly normal values it does what it says. Tukey assumes one variance.',
  columns: ERRS,
  runs: RUNS,
  rows: (random) => {
    const means = [normalArm(400, 100, 10), normalArm(100, 100, 10), normalArm(100, 100, 30)];
    const drawMeans = (chance: Chance) => means.map((draw) => draw(chance));
    return [
      ...pledgeRows('rates, all equal', rates(EVEN), [pairsOfRates, excluded, ...winner(EVEN)], RUNS, random),
      ...pledgeRows('rates, one best', rates(ONE_BEST), [excluded, ...winner(ONE_BEST)], RUNS, random),
      ...pledgeRows('normal, all equal', normals, [selected], RUNS, random),
      ...pledgeRows('means, all equal', drawMeans, meanPledges, RUNS, random),
    ];
  },
};

function rates(truths: readonly number[]): (random: Chance) => Count[] {
  const draws = truths.map((p) => drawFrom(binomialTable(N, p, binomial.logPmf)));
  return (random) => draws.map((draw) => ({ successes: BigInt(draw(random)), n: BigInt(N) }));
}

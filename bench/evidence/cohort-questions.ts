import { cmh } from '../../src/statistics/cohorts/cmh.js';
import { poststratified } from '../../src/statistics/cohorts/poststratified.js';
import { predictionInterval } from '../../src/statistics/cohorts/prediction-interval.js';
import { effectTrend } from '../../src/statistics/cohorts/trend.js';
import { overlappingCohorts, versusRest } from '../../src/statistics/cohorts/versus-rest.js';
import { isRefusal, type OrRefusal } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import type { Chance } from './chance.js';
import { rateArm } from './cohorts.js';
import { policyValueRows } from './policy-value.js';
import { ERRS, misses, part, pledgeRows, rejects, type Pledge } from './pledges.js';
import { normalArm } from './spread.js';
import type { Study } from './study.js';

const RUNS = 4000;

/** Control and treatment of each cohort. */
type Pairs = (readonly [OutcomeSums, OutcomeSums])[];

/** Rates of 2 to 10 % in cohorts of 200 to 3,000 per arm; the treatment multiplies the odds. */
const RATES = [0.02, 0.03, 0.05, 0.05, 0.08, 0.1];
const SIZES = [3000, 2000, 1000, 600, 400, 200];
const ODDS = 1.3;
const raised = (p: number) => (ODDS * p) / (1 - p + ODDS * p);
const TRUE_DIFFERENCE =
  RATES.reduce((sum, p, i) => sum + (SIZES[i] ?? 0) * (raised(p) - p), 0) /
  SIZES.reduce((sum, n) => sum + n, 0);

export const cohortQuestions: Study = {
  id: 'cohort-questions',
  title: 'Questions to several cohorts, and what a rule is worth',
  story:
    'Six cohorts of 400 to 6,000 recipients with rates of 2 to 10 %; then effects that are exactly normal, of twelve ' +
    'cohorts and of ten sends. Errors are false alarms, intervals that miss, or the share that is false among the cohorts ' +
    'said to differ. The prediction interval is too narrow, because it takes the spread that it found for the true one. ' +
    'Where two of twelve cohorts lie four standard errors above the others they move "the rest" of every other cohort, ' +
    'too: these do differ from their rest, but a reader who takes them for unusual is wrong, and that is counted here. ' +
    'The rule gives each of five cohorts one of three arms and was fixed before.',
  columns: ERRS,
  runs: RUNS,
  rows: (random) => [
    ...pledgeRows(
      'rates, no effect',
      ratePairs((p) => p),
      [cmhTest],
      RUNS,
      random,
    ),
    ...pledgeRows('rates, odds × 1.3', ratePairs(raised), ratePledges, RUNS, random),
    ...pledgeRows('means, arms unlike within cohorts', meanPairs, [meanPledge], RUNS, random),
    ...[5, 12].flatMap((k) =>
      pledgeRows(`${k} cohorts, effects vary`, varying(k), [prediction], RUNS, random),
    ),
    ...pledgeRows('12 cohorts, none differs', twelve(0), scans(0), RUNS, random),
    ...pledgeRows('12 cohorts, two differ', twelve(2), scans(2), RUNS, random),
    ...pledgeRows('10 sends, no change', (chance) => sends(0, chance), trendPledges(0), RUNS, random),
    ...pledgeRows(
      '10 sends, effect wears off',
      (chance) => sends(-0.3, chance),
      trendPledges(-0.3).slice(1),
      RUNS,
      random,
    ),
    ...policyValueRows(random),
  ],
};

function ratePairs(effect: (p: number) => number): (random: Chance) => Pairs {
  const draws = RATES.map((p, i) => [rateArm(SIZES[i] ?? 1, p), rateArm(SIZES[i] ?? 1, effect(p))] as const);
  return (random) => draws.map(([control, treatment]) => [control(random), treatment(random)] as const);
}

function counts(pairs: Pairs) {
  const count = ({ sum, n }: OutcomeSums) => ({ successes: sum, n });
  return pairs.map(([control, treatment]) => ({ control: count(control), treatment: count(treatment) }));
}

const cmhTest: Pledge<Pairs> = {
  method: 'Cochran-Mantel-Haenszel test',
  promised: 0.05,
  errs: (pairs) =>
    rejects(
      part(cmh(counts(pairs), 0.95), ({ test }) => test),
      0.05,
    ),
};

const ratePledges: readonly Pledge<Pairs>[] = [
  {
    method: 'common odds ratio',
    promised: 0.05,
    errs: (pairs) =>
      misses(
        part(cmh(counts(pairs), 0.95), ({ commonOddsRatio }) => commonOddsRatio),
        ODDS,
      ),
  },
  {
    method: 'odds ratios said to differ',
    promised: 0.05,
    errs: (pairs) => {
      const result = cmh(counts(pairs), 0.95);
      return !isRefusal(result) && rejects(result.homogeneity, 0.05);
    },
  },
  {
    method: 'post-stratified difference',
    promised: 0.05,
    errs: (pairs) =>
      misses(
        part(poststratified('proportion', pairs, 0.95), ({ estimate }) => estimate),
        TRUE_DIFFERENCE,
      ),
  },
];

const meanCohorts = [
  [normalArm(300, 100, 20), normalArm(30, 103, 20)],
  [normalArm(50, 300, 60), normalArm(100, 303, 30)],
] as const;

function meanPairs(random: Chance): Pairs {
  return meanCohorts.map(([control, treatment]) => [control(random), treatment(random)] as const);
}

const meanPledge: Pledge<Pairs> = {
  method: 'post-stratified difference',
  promised: 0.05,
  errs: (pairs) =>
    misses(
      part(poststratified('mean', pairs, 0.95), ({ estimate }) => estimate),
      3,
    ),
};

interface Effect {
  readonly value: number;
  readonly se: number;
}

/** Effects of cohorts that spread as much as they are uncertain, and that of one more. */
function varying(k: number): (random: Chance) => { effects: Effect[]; next: number } {
  return (random) => ({
    effects: Array.from({ length: k }, () => ({ value: random.normal() + random.normal(), se: 1 })),
    next: random.normal(),
  });
}

const prediction: Pledge<{ effects: Effect[]; next: number }> = {
  method: 'prediction interval',
  promised: 0.05,
  errs: ({ effects, next }) => misses(predictionInterval(effects, 0.95), next),
};

/** Twelve cohorts of which the first `unusual` lie four standard errors above the others. */
function twelve(unusual: number): (random: Chance) => Effect[] {
  return (random) =>
    Array.from({ length: 12 }, (_, i) => ({ value: (i < unusual ? 4 : 0) + random.normal(), se: 1 }));
}

function scans(unusual: number): Pledge<Effect[]>[] {
  const everybody = { value: 0, se: 0.1 };
  return [
    {
      method: 'false among those said to differ from the rest',
      promised: 0.1,
      errs: (effects) => falseShare(versusRest(effects, 0.95), unusual),
    },
    {
      method: 'the same, overlapping cohorts',
      promised: 0.1,
      errs: (effects) => {
        const pairs = effects.map((inside) => ({ inside, outside: everybody }));
        return falseShare(overlappingCohorts(pairs, 0.95), unusual);
      },
    },
  ];
}

function falseShare(result: OrRefusal<{ readonly discovery: readonly number[] }>, unusual: number): number {
  if (isRefusal(result)) return 0;
  const said = result.discovery.map((p) => p < 0.1);
  return said.slice(unusual).filter(Boolean).length / Math.max(1, said.filter(Boolean).length);
}

function sends(slope: number, random: Chance) {
  return Array.from({ length: 10 }, (_, index) => {
    const se = 1 + 0.1 * index;
    return { index, value: 5 + slope * index + se * random.normal(), se };
  });
}

function trendPledges(slope: number): Pledge<ReturnType<typeof sends>>[] {
  return [
    {
      method: 'said to change',
      promised: 0.05,
      errs: (data) =>
        rejects(
          part(effectTrend(data, 0.95), ({ test }) => test),
          0.05,
        ),
    },
    {
      method: 'change per send',
      promised: 0.05,
      errs: (data) =>
        misses(
          part(effectTrend(data, 0.95), (trend) => trend.slope),
          slope,
        ),
    },
    {
      method: 'effect in the last send',
      promised: 0.05,
      errs: (data) =>
        misses(
          part(effectTrend(data, 0.95), ({ late }) => late),
          5 + 9 * slope,
        ),
    },
  ];
}

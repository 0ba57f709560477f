import type { Count } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { barnard } from '../../src/statistics/proportions/barnard.js';
import { boschloo } from '../../src/statistics/proportions/boschloo.js';
import { fisher } from '../../src/statistics/proportions/fisher.js';
import { fisherMidP } from '../../src/statistics/proportions/fisher-mid-p.js';
import { rateTest } from '../../src/statistics/proportions/rate-test.js';
import {
  nonInferiorDifference,
  nonInferiorUplift,
} from '../../src/statistics/proportions/non-inferiority.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import type { OrRefusal, TestResult } from '../../src/statistics/result.js';
import { describeArms, probabilities, type TrueArm } from './enumerate.js';
import { rejects } from './pledges.js';
import { exactly, type Row, type Study } from './study.js';

type Test = (control: Count, treatment: Count) => OrRefusal<{ p: number }>;

const tests: Readonly<Record<string, Test>> = {
  'Pearson, guarded by mid-p (reports)': rateTest,
  Pearson: (c, t) => pearson([c, t]),
  'Fisher mid-p': fisherMidP,
  Fisher: (c, t) => fisher(c, t),
  Barnard: (c, t) => barnard(c, t),
  Boschloo: (c, t) => boschloo(c, t),
};

const RATES = [0.05, 0.2, 0.5];

export const smallRates: Study = {
  id: 'rate-small',
  title: 'Tests of two rates in a handful of recipients',
  story:
    'For seed lists and pilots: both arms have the same true rate, given in the head of the column. Fisher, Barnard and ' +
    'Boschloo promise at most 5 % whatever the rate is; Barnard and Boschloo waste less of it.',
  columns: RATES.map((p) => `rejects (5 %), at ${100 * p} %`),
  runs: 0,
  rows: () =>
    (
      [
        [15, 15],
        [30, 10],
      ] as const
    ).flatMap(([nc, nt]) =>
      Object.entries(tests).map(([method, test]): Row => {
        const rejected = tablesRejected(nc, nt, test);
        const observed = RATES.map((p) =>
          exactly(
            rejected.reduce((sum, [x, y]) => {
              const log = binomial.logPmf(x, nc, p) + binomial.logPmf(y, nt, p);
              return sum + Math.exp(log);
            }, 0),
          ),
        );
        return { condition: `${nc} + ${nt}`, method, observed };
      }),
    ),
};

function tablesRejected(nc: number, nt: number, test: Test): (readonly [number, number])[] {
  const all = Array.from({ length: nc + 1 }, (_, x) =>
    Array.from({ length: nt + 1 }, (_, y) => [x, y] as const),
  );
  return all.flat().filter(([x, y]) => {
    const counts = [x, y].map((successes, arm) => ({
      successes: BigInt(successes),
      n: BigInt([nc, nt][arm] ?? 0),
    }));
    const [control, treatment] = counts;
    return control && treatment && rejects(test(control, treatment), 0.05);
  });
}

interface Question {
  readonly method: string;
  readonly arms: readonly [TrueArm, TrueArm];
  readonly test: (control: Count, treatment: Count) => OrRefusal<TestResult>;
}

const unsubscribes = (c: Count, t: Count) => nonInferiorDifference(c, t, 0.001, 'lower');
const clicks = (c: Count, t: Count) => nonInferiorUplift(c, t, 0.1, 'higher');

const questions: readonly Question[] = [
  {
    method: 'difference, margin 0.1 points',
    arms: [
      { n: 10_000, p: 0.002 },
      { n: 10_000, p: 0.003 },
    ],
    test: unsubscribes,
  },
  {
    method: 'difference, margin 0.1 points',
    arms: [
      { n: 18_000, p: 0.002 },
      { n: 2000, p: 0.003 },
    ],
    test: unsubscribes,
  },
  {
    method: 'uplift, margin 10 %',
    arms: [
      { n: 5000, p: 0.05 },
      { n: 5000, p: 0.045 },
    ],
    test: clicks,
  },
  {
    method: 'uplift, margin 10 %',
    arms: [
      { n: 18_000, p: 0.01 },
      { n: 2000, p: 0.009 },
    ],
    test: clicks,
  },
];

export const rateMargins: Study = {
  id: 'rate-margin',
  title: 'Rates that are worse by exactly the margin',
  story:
    'How often the test of non-inferiority says "not worse" about a treatment that is worse by the whole margin, which may ' +
    'happen in 5 % of experiments; and about one that does not differ, which it should. Few experiments are large enough ' +
    'to show the latter.',
  columns: ['at the margin (5 %)', 'nothing differs'],
  runs: 0,
  rows: () =>
    questions.map(({ method, arms: [control, treatment], test }): Row => {
      const says = (truth: TrueArm) =>
        probabilities(control, truth, (c, t) => (rejects(test(c, t), 0.05) ? ['yes'] : [])).get('yes');
      return {
        condition: describeArms(control, treatment),
        method,
        observed: [exactly(says(treatment)), exactly(says({ ...treatment, p: control.p }))],
      };
    }),
};

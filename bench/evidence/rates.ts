import type { Count } from '../../src/statistics/count.js';
import { agrestiCaffo } from '../../src/statistics/proportions/agresti-caffo.js';
import { fisher } from '../../src/statistics/proportions/fisher.js';
import { fisherMidP } from '../../src/statistics/proportions/fisher-mid-p.js';
import { rateTest } from '../../src/statistics/proportions/mid-p-guard.js';
import { katz } from '../../src/statistics/proportions/katz.js';
import { newcombe } from '../../src/statistics/proportions/newcombe.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { scoreDifference } from '../../src/statistics/proportions/score-difference.js';
import { scoreRatio } from '../../src/statistics/proportions/score-ratio.js';
import { waldDifference } from '../../src/statistics/proportions/wald-difference.js';
import { yates } from '../../src/statistics/proportions/yates.js';
import { isRefusal, type Estimate, type OrRefusal } from '../../src/statistics/result.js';
import { describeArms, probabilities, type TrueArm } from './enumerate.js';
import { exactly, type Row, type Study } from './study.js';

type Pair = readonly [TrueArm, TrueArm];
const arms = (nc: number, nt: number, pc: number, pt = pc): Pair => [
  { n: nc, p: pc },
  { n: nt, p: pt },
];

const SAME: readonly Pair[] = [
  arms(2000, 2000, 0.001),
  arms(20_000, 20_000, 0.001),
  arms(18_000, 2000, 0.001),
  arms(1000, 1000, 0.02),
  arms(4500, 500, 0.02),
  arms(200, 200, 0.2),
];

const tests: Readonly<Record<string, (c: Count, t: Count) => OrRefusal<{ p: number }>>> = {
  'Pearson, guarded by mid-p (reports)': rateTest,
  Pearson: (c, t) => pearson([c, t]),
  'Fisher mid-p': fisherMidP,
  'Fisher (for comparison)': (c, t) => fisher(c, t),
  'Yates (for comparison)': yates,
};

export const rateSizes: Study = {
  id: 'rate-size',
  title: 'Tests of two rates where nothing differs',
  story:
    'Two arms with the same true rate; a test at 5 % should reject in at most about 5 % of experiments. A refusal (nobody ' +
    'did it) is no rejection. Exact tests waste much of their 5 % at small counts.',
  columns: ['rejects (5 %)'],
  runs: 0,
  rows: () =>
    SAME.flatMap(([control, treatment]) => {
      const found = probabilities(control, treatment, (c, t) =>
        Object.entries(tests).flatMap(([name, test]) => {
          const result = test(c, t);
          return !isRefusal(result) && result.p < 0.05 ? [name] : [];
        }),
      );
      return Object.keys(tests).map((method): Row => ({
        condition: describeArms(control, treatment),
        method,
        observed: [exactly(found.get(method))],
      }));
    }),
};

const DIFFERENT: readonly Pair[] = [
  ...SAME.slice(0, 3),
  arms(2000, 2000, 0.002, 0.0005),
  arms(20_000, 2000, 0.001, 0.002),
  arms(1000, 1000, 0.03, 0.02),
  arms(300, 300, 0.25, 0.2),
];

type IntervalOf = (c: Count, t: Count) => OrRefusal<Estimate>;

const differences: Readonly<Record<string, IntervalOf>> = {
  'score (reports)': (c, t) => scoreDifference(c, t, 0.95, 'none'),
  'score, Miettinen-Nurminen': (c, t) => scoreDifference(c, t, 0.95, 'n-1'),
  Newcombe: (c, t) => newcombe(c, t, 0.95),
  'Agresti-Caffo (for comparison)': (c, t) => agrestiCaffo(c, t, 0.95),
  'Wald (for comparison)': (c, t) => waldDifference(c, t, 0.95),
};

const uplifts: Readonly<Record<string, IntervalOf>> = {
  'score (reports)': (c, t) => scoreRatio(c, t, 0.95, 'none'),
  'Katz, log ratio': (c, t) => katz(c, t, 0.95),
};

export const rateDifferences: Study = coverage(
  'rate-difference',
  'Intervals of a difference of two rates',
  'A 95 % interval should miss the true difference in 5 % of experiments, half of them on each side.',
  differences,
  (c, t) => t.p - c.p,
);

export const rateUplifts: Study = coverage(
  'rate-uplift',
  'Intervals of the uplift of a rate',
  'A 95 % interval should miss the true uplift in 5 % of experiments, half on each side. A refusal is no miss.',
  uplifts,
  (c, t) => t.p / c.p - 1,
);

function coverage(
  id: string,
  title: string,
  story: string,
  intervals: Readonly<Record<string, IntervalOf>>,
  truth: (control: TrueArm, treatment: TrueArm) => number,
): Study {
  const rows = () =>
    DIFFERENT.flatMap(([control, treatment]) => {
      const target = truth(control, treatment);
      const found = probabilities(control, treatment, (c, t) =>
        Object.entries(intervals).flatMap(([name, interval]) => missed(name, interval(c, t), target)),
      );
      return Object.keys(intervals).map((method): Row => ({
        condition: describeArms(control, treatment),
        method,
        observed: [exactly(found.get(`${method} too high`)), exactly(found.get(`${method} too low`))],
      }));
    });
  return { id, title, story, columns: ['lies too high (2.5 %)', 'too low (2.5 %)'], runs: 0, rows };
}

function missed(name: string, result: OrRefusal<Estimate>, target: number): string[] {
  if (isRefusal(result)) return [];
  const { lower, upper } = result.interval;
  const slack = 1e-12 * Math.max(1, Math.abs(target));
  if (lower > target + slack) return [`${name} too high`];
  return upper < target - slack ? [`${name} too low`] : [];
}

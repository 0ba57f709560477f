import type { Count } from '../../src/statistics/count.js';
import { agrestiCaffo } from '../../src/statistics/proportions/agresti-caffo.js';
import { bulkComparison } from '../../src/statistics/proportions/bulk-comparison.js';
import { rateDeltaUplift } from '../../src/statistics/proportions/delta-uplift.js';
import { fiellerUplift } from '../../src/statistics/proportions/fieller-uplift.js';
import { fisher } from '../../src/statistics/proportions/fisher.js';
import { fisherMidP } from '../../src/statistics/proportions/fisher-mid-p.js';
import { gTest } from '../../src/statistics/proportions/g-test.js';
import { rateTest } from '../../src/statistics/proportions/rate-test.js';
import { katz } from '../../src/statistics/proportions/katz.js';
import { logOddsRatio } from '../../src/statistics/proportions/log-odds-ratio.js';
import { newcombe } from '../../src/statistics/proportions/newcombe.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { scoreDifference } from '../../src/statistics/proportions/score-difference.js';
import { scoreRatio } from '../../src/statistics/proportions/score-ratio.js';
import { correctedWaldDifference, waldDifference } from '../../src/statistics/proportions/wald-difference.js';
import { yates } from '../../src/statistics/proportions/yates.js';
import { unpooledZ } from '../../src/statistics/proportions/z-test.js';
import { isRefusal, type Estimate, type OrRefusal } from '../../src/statistics/result.js';
import { describeArms, missed, probabilities, type TrueArm } from './enumerate.js';
import { part } from './pledges.js';
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
  arms(4500, 500, 0.02),
];

const tests: Readonly<Record<string, (c: Count, t: Count) => OrRefusal<{ p: number }>>> = {
  'Pearson, guarded by mid-p (reports)': rateTest,
  Pearson: (c, t) => pearson([c, t]),
  'Fisher mid-p': fisherMidP,
  'G, likelihood ratio': (c, t) => gTest([c, t]),
  'z, unpooled (for comparison)': (c, t) => unpooledZ(c, t),
  'Fisher (for comparison)': (c, t) => fisher(c, t),
  'Yates (for comparison)': yates,
};

export const rateSizes: Study = {
  id: 'rate-size',
  title: 'Tests of two rates where nothing differs',
  story:
    'Two arms with the same true rate; a test at 5 % should reject in at most about 5 % of experiments. A refusal (nobody ' +
    'did it) is no rejection. Exact tests waste much of their 5 % at small counts; the unpooled z test goes far beyond it in ' +
    'unequal arms, G where few did it.',
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
  arms(20_000, 20_000, 0.001),
  arms(18_000, 2000, 0.001),
  arms(2000, 2000, 0.002, 0.0005),
  arms(300, 300, 0.25, 0.2),
];

const RATIOS: readonly Pair[] = [
  arms(20_000, 20_000, 0.001),
  arms(18_000, 2000, 0.001),
  arms(2000, 2000, 0.01),
  arms(300, 300, 0.25, 0.2),
];

type IntervalOf = (c: Count, t: Count) => OrRefusal<Estimate>;

const differences: Readonly<Record<string, IntervalOf>> = {
  'score (reports)': (c, t) => scoreDifference(c, t, 0.95, 'none'),
  'score, Miettinen-Nurminen': (c, t) => scoreDifference(c, t, 0.95, 'n-1'),
  Newcombe: (c, t) => newcombe(c, t, 0.95),
  'closed forms for bulk tables': (c, t) => part(bulkComparison(c, t, 0.95), ({ difference }) => difference),
  'Agresti-Caffo (for comparison)': (c, t) => agrestiCaffo(c, t, 0.95),
  'Wald (for comparison)': (c, t) => waldDifference(c, t, 0.95),
  'Wald, corrected (for comparison)': (c, t) => correctedWaldDifference(c, t, 0.95),
};

const uplifts: Readonly<Record<string, IntervalOf>> = {
  'score (reports)': (c, t) => scoreRatio(c, t, 0.95, 'none'),
  'Katz, log ratio': (c, t) => katz(c, t, 0.95),
  Fieller: (c, t) => fiellerUplift(c, t, 0.95),
  'closed forms for bulk tables': (c, t) => part(bulkComparison(c, t, 0.95), ({ uplift }) => uplift),
  'delta (for comparison)': (c, t) => rateDeltaUplift(c, t, 0.95),
};

export const rateDifferences: Study = coverage(
  'rate-difference',
  'Intervals of a difference of two rates',
  'A 95 % interval should miss the true difference in 5 % of experiments, half of them on each side.',
  DIFFERENT,
  differences,
  (c, t) => t.p - c.p,
);

const upliftsAlone = coverage(
  'rate-uplift',
  'Intervals of the uplift of a rate',
  'A 95 % interval should miss the true uplift in 5 % of experiments, half on each side; so should that of the odds ratio, ' +
    'on its own scale, the logarithm. A refusal is no miss. The delta interval misses on one side only.',
  RATIOS,
  uplifts,
  (c, t) => t.p / c.p - 1,
);

const oddsRatios = coverage(
  'odds-ratio',
  'Intervals of the odds ratio',
  'On its own scale, the logarithm. It is refused, and no miss, where one arm has no success.',
  RATIOS.slice(0, 3),
  { 'Woolf, log odds ratio': (c, t) => logOddsRatio(c, t, 0.95) },
  (c, t) => Math.log((t.p * (1 - c.p)) / (c.p * (1 - t.p))),
);

/** Uplifts, and the odds ratio beside them. */
export const rateUplifts: Study = {
  ...upliftsAlone,
  rows: (random) => [...upliftsAlone.rows(random), ...oddsRatios.rows(random)],
};

function coverage(
  id: string,
  title: string,
  story: string,
  pairs: readonly Pair[],
  intervals: Readonly<Record<string, IntervalOf>>,
  truth: (control: TrueArm, treatment: TrueArm) => number,
): Study {
  const rows = () =>
    pairs.flatMap(([control, treatment]) => {
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

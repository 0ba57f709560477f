import { binomial } from '../../src/statistics/distributions/binomial.js';
import { welch } from '../../src/statistics/means/welch.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { isRefusal, type OrRefusal } from '../../src/statistics/result.js';
import { srm } from '../../src/statistics/srm/srm.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';
import { revenueArm, SHOP } from './revenue.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 20_000;
const BOUNDS = [0.01, 0.05, 0.1, 0.5] as const;

export const uniformity: Study = {
  id: 'aa',
  title: 'p-values where nothing differs',
  story:
    'Two arms with the same content, 20,000 recipients each: a p-value should lie below 5 % in 5 % of experiments, below ' +
    'a half in half of them. The last column is the largest distance between the observed and the uniform distribution; ' +
    'chance alone makes it 0.96 % or less in 95 of 100 such tables. Counts take few values, so their p-values have steps.',
  columns: ['p < 1 %', 'p < 5 %', 'p < 10 %', 'p < 50 %', 'largest distance'],
  runs: RUNS,
  rows: (random) => [
    row('clicks at 20 %, Pearson', rates(0.2), random),
    row('orders at 1 %, Pearson', rates(0.01), random),
    row("revenue, Welch's t", revenue(), random),
    row('assignment 50/50, SRM', assignment(), random),
  ],
};

type Experiment = (random: Chance) => OrRefusal<{ p: number }>;

function row(method: string, experiment: Experiment, random: Chance): Row {
  const ps = Array.from({ length: RUNS }, () => experiment(random)).map((result) =>
    isRefusal(result) ? 1 : result.p,
  );
  const shares = BOUNDS.map((bound) => counted(ps.filter((p) => p < bound).length, RUNS));
  return {
    condition: 'A/A, 20,000 + 20,000',
    method,
    observed: [...shares, { share: distance(ps), error: 0 }],
  };
}

/** Kolmogorov's distance from the uniform distribution. */
function distance(ps: readonly number[]): number {
  const sorted = ps.toSorted((a, b) => a - b);
  return Math.max(...sorted.map((p, i) => Math.max(p - i / sorted.length, (i + 1) / sorted.length - p)));
}

function rates(p: number): Experiment {
  const n = 20_000;
  const draw = drawFrom(binomialTable(n, p, binomial.logPmf));
  const arm = (random: Chance) => ({ successes: BigInt(draw(random)), n: BigInt(n) });
  return (random) => pearson([arm(random), arm(random)]);
}

function revenue(): Experiment {
  const arm = revenueArm(SHOP, 20_000);
  return (random) => {
    const result = welch(arm(random), arm(random), 0.95);
    return isRefusal(result) ? result : result.test;
  };
}

function assignment(): Experiment {
  const draw = drawFrom(binomialTable(40_000, 0.5, binomial.logPmf));
  return (random) => {
    const first = draw(random);
    return srm([BigInt(first), BigInt(40_000 - first)], [1, 1]);
  };
}

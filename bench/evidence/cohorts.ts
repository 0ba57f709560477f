import { cohortRates } from '../../src/statistics/cohorts/cohort-rates.js';
import { heterogeneity } from '../../src/statistics/cohorts/heterogeneity.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { contrast } from '../../src/statistics/factorial/contrast.js';
import { factorialLogit } from '../../src/statistics/factorial/logit.js';
import { honestPolicy, type HonestCell } from '../../src/statistics/policy/honest-policy.js';
import { isRefusal } from '../../src/statistics/result.js';
import { outcomeSums, type OutcomeSums } from '../../src/statistics/sums.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 4000;
const POLICY_RUNS = 1000;

type Draw = (random: Chance) => OutcomeSums;

/** An arm of `n` recipients of whom a share `p` does it. */
export function rateArm(n: number, p: number): Draw {
  const draw = drawFrom(binomialTable(n, p, binomial.logPmf));
  return (random) => {
    const k = BigInt(draw(random));
    const sums = outcomeSums({ n: BigInt(n), nonZero: k, sum: k, sumSquares: k, sumCubes: k });
    if (isRefusal(sums)) throw new Error(sums.reason);
    return sums;
  };
}

const INTERACTION = [1, -1, -1, 1];
const SUBJECT = [-0.5, -0.5, 0.5, 0.5];

export const factorialTests: Study = {
  id: 'factorial',
  title: 'Two factors at once where neither matters',
  story:
    'Four cells with the same rate, even and lopsided. How often a main effect or an interaction is found that is not ' +
    'there, on the scale of rates (what reports show) and of log odds.',
  columns: ['main effect (5 %)', 'interaction (5 %)'],
  runs: RUNS,
  rows: (random) =>
    (
      [
        ['1 %, 5,000 each', 0.01, [5000, 5000, 5000, 5000]],
        ['0.1 %, 20,000 each', 0.001, [20_000, 20_000, 20_000, 20_000]],
        ['1 %, 20,000 / 2,000 / 2,000 / 500', 0.01, [20_000, 2000, 2000, 500]],
      ] as const
    ).flatMap(([condition, p, sizes]) => {
      const draws = sizes.map((n) => rateArm(n, p));
      const found = { rates: [0, 0], odds: [0, 0] };
      for (let run = 0; run < RUNS; run += 1) {
        const cells = draws.map((draw) => draw(random));
        [SUBJECT, INTERACTION].forEach((row, i) => {
          const result = contrast('proportion', cells, row, 0.95, 'smoothed');
          if (!isRefusal(result) && result.test.p < 0.05) found.rates[i] = (found.rates[i] ?? 0) + 1;
        });
        const counts = cells.map(({ sum, n }) => ({ successes: sum, n }));
        const logit = factorialLogit([2, 2], counts, 2);
        if (isRefusal(logit)) continue;
        [0, 2].forEach((term, i) => {
          const test = logit.terms[term]?.likelihoodRatio;
          if (test && test.p < 0.05) found.odds[i] = (found.odds[i] ?? 0) + 1;
        });
      }
      const row = (method: string, counts: number[]): Row => ({
        condition,
        method,
        observed: counts.map((count) => counted(count, RUNS)),
      });
      return [
        row('difference of rates (reports)', found.rates),
        row('likelihood ratio, log odds', found.odds),
      ];
    }),
};

const COHORTS = 12;

export const cohortEffects: Study = {
  id: 'cohorts',
  title: 'Twelve cohorts',
  story:
    'The same rate everywhere (5 %), cohorts of 400 to 4,000 recipients per arm; then effects that truly differ (standard ' +
    'deviation 1.5 points). How often the test says that they differ; how far the best-looking cohort is overstated, in ' +
    'points; and how much closer to the truth shrunken effects are (root mean squared error, raw = 100 %).',
  columns: ['said to differ', 'best cohort overstated, raw', 'shrunken', 'error of shrunken effects'],
  runs: RUNS,
  rows: (random) => [
    cohortRow('no differences (5 % promised)', 0, random),
    cohortRow('true differences', 0.015, random),
  ],
};

function cohortRow(condition: string, spread: number, random: Chance): Row {
  const tally = { differ: 0, raw: 0, shrunk: 0, rawError: 0, shrunkError: 0 };
  const sizes = Array.from({ length: COHORTS }, (_, i) => 400 + 327 * i);
  const controls = sizes.map((n) => rateArm(n, 0.05));
  for (let run = 0; run < RUNS; run += 1) {
    const truths = sizes.map(() => 0.02 + spread * random.normal());
    const pairs = sizes.map((n, i) => ({
      control: countOf(controls[i]?.(random)),
      treatment: binomialCount(n, Math.max(0.001, 0.05 + (truths[i] ?? 0)), random),
    }));
    const effects = cohortRates(pairs);
    const result = isRefusal(effects) ? effects : heterogeneity(effects);
    if (isRefusal(effects) || isRefusal(result)) continue;
    tally.differ += result.test.p < 0.05 ? 1 : 0;
    const raw = effects.map(({ value }) => value);
    const shrunk = result.shrunk.map(({ value }) => value);
    tally.raw += overstated(raw, truths);
    tally.shrunk += overstated(shrunk, truths);
    tally.rawError += squaredError(raw, truths);
    tally.shrunkError += squaredError(shrunk, truths);
  }
  return {
    condition,
    method: 'Q; Paule-Mandel shrinkage',
    observed: [
      counted(tally.differ, RUNS),
      { share: tally.raw / RUNS, error: 0 },
      { share: tally.shrunk / RUNS, error: 0 },
      { share: Math.sqrt(tally.shrunkError / tally.rawError), error: 0 },
    ],
  };
}

function countOf(sums: OutcomeSums | undefined) {
  return { successes: sums?.sum ?? 0n, n: sums?.n ?? 0n };
}

/** A count whose rate changes from run to run: a normal approximation, rounded, does. */
export function binomialCount(n: number, p: number, random: Chance) {
  const k = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * random.normal());
  return { successes: BigInt(Math.min(n, Math.max(0, k))), n: BigInt(n) };
}

function overstated(values: readonly number[], truths: readonly number[]): number {
  const best = values.indexOf(Math.max(...values));
  return (values[best] ?? 0) - (truths[best] ?? 0);
}

function squaredError(values: readonly number[], truths: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + (value - (truths[i] ?? 0)) ** 2, 0);
}

export const policies: Study = {
  id: 'policy',
  title: 'Rules about who should get what',
  story:
    'Three attributes with four levels each, three arms, 300 recipients per attribute combination, arm and half. A rule is ' +
    'recommended if the whole 95 % interval of its gain over the best single arm lies above zero. Without any difference ' +
    'that may happen in at most 2.5 % of experiments; with a rule that truly gains, it should.',
  columns: ['recommended', 'mean estimated gain, points'],
  runs: POLICY_RUNS,
  rows: (random) => [
    policyRow('nothing differs', 0, random),
    policyRow('one attribute decides the best arm, by 3 points', 0.03, random),
  ],
};

function policyRow(condition: string, gain: number, random: Chance): Row {
  const runs = POLICY_RUNS;
  const [plain, better] = [rateArm(300, 0.1), rateArm(300, 0.1 + gain)];
  const tally = { recommended: 0, gain: 0, answered: 0 };
  for (let run = 0; run < runs; run += 1) {
    const cells = Array.from({ length: 64 }, (_, i): HonestCell => {
      const attributes = [i % 4, (i >> 2) % 4, i >> 4];
      const half = () => [0, 1, 2].map((arm) => (attributes[0] === arm ? better : plain)(random));
      return { attributes, halves: [half(), half()] };
    });
    const result = honestPolicy(cells, 2, 0.95);
    if (isRefusal(result)) continue;
    tally.answered += 1;
    tally.recommended += result.recommended ? 1 : 0;
    tally.gain += result.gain.value;
  }
  const mean = { share: tally.gain / Math.max(1, tally.answered), error: 0 };
  return { condition, method: 'honest tree of depth 2', observed: [counted(tally.recommended, runs), mean] };
}

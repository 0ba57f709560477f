import { cpus } from 'node:os';

import { median } from './rounds.mjs';

/** How long the inference of a large report takes, in one thread, from its sums. */

const METRICS = 10;
const ARMS = 8;
const COHORTS = 50;
const LEVEL = 0.95;
const ROUNDS = 15;
const EXPERIMENTS = 20_000;

const compiled = (file) => import(new URL(`../dist/src/${file}.js`, import.meta.url));
const { compare, compareAll, countOf } = await compiled('reports/compare');
const { benjaminiHochberg } = await compiled('statistics/multiplicity/benjamini-hochberg');
const { dunnettRates } = await compiled('statistics/multiplicity/dunnett-rates');
const { dunnettUnequal } = await compiled('statistics/multiplicity/dunnett-unequal');
const { heterogeneity } = await compiled('statistics/cohorts/heterogeneity');
const { srm } = await compiled('statistics/srm/srm');
const { isRefusal } = await compiled('statistics/result');

/** Sums of one metric in one arm of `n`: even metrics are rates, odd ones amounts in cents of the same few buyers. */
function sumsOf(metric, arm, cohort, n) {
  const wobble = ((metric * 7919 + arm * 104_729 + cohort * 1_299_709) % 1000) / 1000;
  const buyers = Math.round(n * (0.02 + 0.01 * metric) * (0.9 + 0.2 * wobble));
  const spent = metric % 2 === 0 ? [1, 1, 1] : [4000 + 500 * wobble, 4.5e7, 9e11];
  const [sum, sumSquares, sumCubes] = spent.map((each) => BigInt(Math.round(buyers * each)));
  return { n: BigInt(n), nonZero: BigInt(buyers), sum, sumSquares, sumCubes };
}

const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const typeOf = (metric) => (metric % 2 === 0 ? 'proportion' : 'money');
const metrics = times(METRICS, (metric) => ({
  type: typeOf(metric),
  arms: times(ARMS, (arm) => sumsOf(metric, arm, 0, 100_000 + arm)),
  cohorts: times(COHORTS, (cohort) =>
    times(ARMS, (arm) => sumsOf(metric, arm, cohort + 1, 2000 + 10 * arm + cohort)),
  ),
}));

/** Every comparison with test, difference and uplift, overall and in every cohort, with all corrections. */
function inference() {
  const answers = [];
  for (const { type, arms, cohorts } of metrics) {
    const against = ([control, ...others]) => others.map((other) => compare(type, control, other, LEVEL));
    const together =
      type === 'proportion' ? dunnettRates(arms.map(countOf), LEVEL) : dunnettUnequal(arms, LEVEL);
    answers.push(compareAll(type, arms), together, against(arms));
    const inCohorts = cohorts.map(against);
    answers.push(benjaminiHochberg(inCohorts.flat().map(({ test }) => (isRefusal(test) ? 0 : test.logP))));
    for (let arm = 0; arm < ARMS - 1; arm += 1) {
      const effects = inCohorts.map((row) => row[arm].difference);
      answers.push(
        heterogeneity(
          effects.map(({ value, interval }) => ({ value, se: (interval.upper - interval.lower) / 3.92 })),
        ),
      );
    }
    answers.push(inCohorts);
  }
  return answers;
}

/** A rate, an amount and the split of two arms in which nothing differs. */
function twoArms() {
  const pairs = times(100, (i) =>
    [0, 1].map((arm) => [sumsOf(0, i, arm, 20_000), sumsOf(1, i, arm, 20_000)]),
  );
  for (let i = 0; i < EXPERIMENTS; i += 1) {
    const [[rate0, money0], [rate1, money1]] = pairs[i % pairs.length];
    compare('proportion', rate0, rate1, LEVEL);
    compare('money', money0, money1, LEVEL);
    srm([rate0.n, rate1.n], [1, 1]);
  }
}

function milliseconds(run, rounds) {
  run();
  run();
  const spent = times(rounds, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return [median(spent), Math.min(...spent), Math.max(...spent)];
}

const comparisons = METRICS * (ARMS - 1) * (COHORTS + 1);
const [full, fast, slow] = milliseconds(inference, ROUNDS);
const [aa, aaFast, aaSlow] = milliseconds(twoArms, 3);
const row = (what, aim, ...numbers) => console.log(`| ${what} | ${aim} | ${numbers.join(' | ')} |`);
console.log('| one thread, from sums | aim, ms | median, ms | fastest to slowest | per comparison, µs |');
console.log('| --- | ---: | ---: | ---: | ---: |');
row(
  `${METRICS} metrics x ${ARMS} arms x ${COHORTS} cohorts (${comparisons.toLocaleString('en')} comparisons), all corrections`,
  50,
  full.toFixed(0),
  `${fast.toFixed(0)} to ${slow.toFixed(0)}`,
  ((1000 * full) / comparisons).toFixed(1),
);
row(
  `${EXPERIMENTS.toLocaleString('en')} two-arm A/A experiments: a rate, an amount, the split`,
  5000,
  aa.toFixed(0),
  `${aaFast.toFixed(0)} to ${aaSlow.toFixed(0)}`,
  ((1000 * aa) / (2 * EXPERIMENTS)).toFixed(1),
);
console.log(`\n${ROUNDS} rounds, Node ${process.version}, ${cpus()[0]?.model.trim()}.`);
process.exitCode = full > 50 ? 1 : 0;

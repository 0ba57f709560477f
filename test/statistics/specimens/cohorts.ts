import type { OutcomeSums } from '../../../src/statistics/sums.js';

const effects = [
  { value: 0.02, se: 0.01 },
  { value: 0.05, se: 0.02 },
  { value: -0.01, se: 0.015 },
  { value: 0.08, se: 0.02 },
];
const overlapping = [
  { inside: { value: 0.03, se: 0.01 }, outside: { value: 0.01, se: 0.008 } },
  { inside: { value: 0, se: 0.02 }, outside: { value: 0.02, se: 0.006 } },
];

function pair(x0: bigint, n0: bigint, x1: bigint, n1: bigint) {
  return { control: { successes: x0, n: n0 }, treatment: { successes: x1, n: n1 } };
}

function binary(k: bigint, n: bigint): OutcomeSums {
  return { n, nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}

function amounts(n: bigint, sum: bigint, sumSquares: bigint): OutcomeSums {
  return { n, nonZero: n, sum, sumSquares, sumCubes: 0n };
}

const pairs = [pair(53n, 305n, 41n, 292n), pair(8n, 137n, 12n, 216n), pair(39n, 102n, 74n, 182n)];
const rates = pairs.map(({ control, treatment }) => [control, treatment].map((arm) => binary(arm.successes, arm.n))); // prettier-ignore
const means = [
  [amounts(20n, 410n, 9000n), amounts(18n, 400n, 9900n)],
  [amounts(25n, 600n, 16_000n), amounts(11n, 330n, 11_000n)],
];
const sends = [0.05, 0.04, 0.03, 0.035, 0.02].map((value, index) => ({ index, value, se: 0.01 }));

export const cohortSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'cohort.heterogeneity': [[effects]],
  'cohort.between_variance': [[effects]],
  'cohort.prediction_interval': [[effects, 0.95]],
  'cohort.rates': [[pairs]],
  'cohort.versus_rest': [[effects, 0.95]],
  'cohort.overlapping': [[overlapping, 0.95]],
  'cohort.cmh': [[pairs, 0.95]],
  'cohort.poststratified_rates': [[rates, 0.95], [rates, 0.9, [-1, 1], [0.5, 0.2, 0.3]]], // prettier-ignore
  'cohort.poststratified_means': [[means, 0.95], [means, 0.9, [-1, 1], [0.5, 0.5]]], // prettier-ignore
  'cohort.trend': [[sends, 0.95]],
};

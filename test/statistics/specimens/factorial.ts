import type { Count } from '../../../src/statistics/count.js';
import type { OutcomeSums } from '../../../src/statistics/sums.js';

function count(successes: bigint, n: bigint): Count {
  return { successes, n };
}

function binary(k: bigint, n: bigint): OutcomeSums {
  return { n, nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}

function amounts(n: bigint, sum: bigint, sumSquares: bigint): OutcomeSums {
  return { n, nonZero: n, sum, sumSquares, sumCubes: 0n };
}

const rates = [binary(40n, 500n), binary(52n, 510n), binary(61n, 490n), binary(90n, 505n)];
const counts = rates.map(({ sum, n }) => count(sum, n));
const means = [
  amounts(20n, 410n, 9000n),
  amounts(18n, 400n, 9900n),
  amounts(25n, 600n, 16_000n),
  amounts(11n, 330n, 11_000n),
];
const six = [30n, 41n, 38n, 52n, 47n, 77n].map((k) => count(k, 400n));

const eight = [...rates, ...rates.toReversed()];

export const factorialSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'proportion.contrast': [[rates, [-0.5, -0.5, 0.5, 0.5], 0.95]],
  'mean.contrast': [[means, [1, -1, -1, 1], 0.95]],
  'proportion.joint_contrasts': [[rates, [[-1, 1, 0, 0], [-1, 0, 1, 0]]]], // prettier-ignore
  'mean.joint_contrasts': [[means, [[-1, 1, 0, 0], [-1, 0, 1, 0]]]], // prettier-ignore
  'factorial.logit': [[[2, 2], counts, 2], [[2, 3], six, 1]], // prettier-ignore
  'factorial.marginal_effects': [[[2, 2], counts, 2, 0.95], [[2, 3], six, 1, 0.95]], // prettier-ignore
  'factorial.linear': [[[2, 2], means, 2, 0.95], [[2, 2], means, 1, 0.9]], // prettier-ignore
  'factorial.rate_effects': [[[2, 2], rates, 0.95], [[2, 2], rates, 0.9, 'proportional']], // prettier-ignore
  'factorial.mean_effects': [[[2, 2], means, 0.95], [[2, 2], means, 0.9, 'proportional']], // prettier-ignore
  'factorial.interaction_scales': [[[2, 2], counts, 0.05], [[2, 3], six, 0.05]], // prettier-ignore
  'factorial.alias': [[['A', 'B', 'C'], ['D=ABC']], [['A', 'B', 'C'], ['D=-AB', 'E=AC']]], // prettier-ignore
  'factorial.fraction_rate_effects': [[['A', 'B', 'C'], ['D=ABC'], eight, 0.95]],
  'factorial.fraction_mean_effects': [[['A', 'B'], [], means, 0.95]],
};

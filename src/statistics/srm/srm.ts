import { exactBinomial } from './exact-binomial.js';
import { logExactMultinomial, MOST_TABLES, tableCount } from './exact-multinomial.js';
import { overCommonDenominator } from '../numerics/dyadic.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, refuse, type OrRefusal, type Refusal, type TestResult } from '../result.js';
import type { Method } from '../method.js';
import { chiSquaredTest } from '../chi-squared-test.js';

export interface SampleRatioResult extends TestResult {
  /** (observed - expected) / √(expected (1 - share)) of each arm, in input order; 0 for arms without weight. */
  readonly residuals: readonly number[];
}

/**
 * Sample ratio mismatch: do the arms hold as many recipients as their weights (any positive scale) ask for? Pearson's
 * chi-squared, exact in the counts; where an expected count is below 5, the exact binomial or multinomial test
 * (method `srm.exact`, the statistic is still Pearson's). Arms with weight 0 and nobody in them are left out.
 * Refuses `invalid_input`, `zero_weight` (recipients in an arm of weight 0) and `too_few` (nobody at all, or an
 * expected count below 5 with too many tables to list). Judge it at p < 0.001. Fabijan et al. (KDD 2019).
 */
export function srm(observed: readonly bigint[], weights: readonly number[]): OrRefusal<SampleRatioResult> {
  const split = chiSquaredSplit(observed, weights);
  if (isRefusal(split)) return split;
  const { arms, total, all } = weighed(observed, weights);
  if (arms.every(({ weight }) => total * weight >= 5n * all)) return split;
  const logP = exactLogP(arms, total, all);
  if (typeof logP !== 'number') return logP;
  return { ...split, method: 'srm.exact', p: Math.exp(logP), logP };
}

/** As `srm`, but judged by the chi-squared distribution however few recipients are expected. */
export function chiSquaredSplit(
  observed: readonly bigint[],
  weights: readonly number[],
): OrRefusal<SampleRatioResult> {
  const impossible = unfitSplit(observed, weights);
  if (impossible) return impossible;
  const { everyArm, arms, total, all } = weighed(observed, weights);
  const excess = (arm: Arm) => arm.count * all - total * arm.weight;
  const statistic = arms.reduce((sum, arm) => sum + ratio(excess(arm) ** 2n, total * arm.weight * all), 0);
  const residuals = everyArm.map((arm) => {
    if (arm.weight === 0n) return 0;
    const size = Math.sqrt(ratio(excess(arm) ** 2n, total * arm.weight * (all - arm.weight)));
    return excess(arm) < 0n ? -size : size;
  });
  return { ...chiSquaredTest('srm.chi_squared', statistic, arms.length - 1), residuals };
}

/** Every arm, those with a weight above zero, and the sums of counts and of weights. */
function weighed(observed: readonly bigint[], weights: readonly number[]) {
  const whole = wholeWeights(weights);
  const everyArm: Arm[] = observed.map((count, i) => ({ count, weight: whole[i] ?? 0n }));
  return {
    everyArm,
    arms: everyArm.filter(({ weight }) => weight > 0n),
    total: observed.reduce((sum, count) => sum + count, 0n),
    all: whole.reduce((sum, weight) => sum + weight, 0n),
  };
}

interface Arm {
  readonly count: bigint;
  readonly weight: bigint;
}

/** A refusal unless these counts can be held against these weights; see `srm`. */
export function unfitSplit(observed: readonly bigint[], weights: readonly number[]): Refusal | undefined {
  if (observed.length !== weights.length || weights.some((w) => !(w >= 0 && w < Infinity))) {
    return refuse('invalid_input', 'Every arm needs a weight of zero or more.');
  }
  if (observed.some((count) => count < 0n)) return refuse('invalid_input', 'A count cannot be below zero.');
  if (observed.some((count, i) => count > 0n && weights[i] === 0)) {
    return refuse('zero_weight', 'There are recipients in an arm that was never to get any.');
  }
  if (weights.filter((w) => w > 0).length < 2) {
    return refuse('invalid_input', 'A split needs at least two arms with a weight above zero.');
  }
  if (observed.every((count) => count === 0n)) return refuse('too_few', 'Nobody has been assigned yet.');
  return undefined;
}

function exactLogP(arms: readonly Arm[], total: bigint, all: bigint): number | Refusal {
  const counts = arms.map(({ count }) => Number(count));
  const shares = arms.map(({ weight }) => ratio(weight, all));
  if (arms.length === 2) {
    // From the rarer arm, whose share has the most digits.
    const rare = (shares[0] ?? 0) <= (shares[1] ?? 0) ? 0 : 1;
    const exact = exactBinomial(counts[rare] ?? 0, Number(total), shares[rare] ?? 0);
    return isRefusal(exact) ? exact : exact.logP;
  }
  if (tableCount(Number(total), arms.length) <= MOST_TABLES) return logExactMultinomial(counts, shares);
  return refuse('too_few', 'An arm is expected to hold fewer than 5 recipients: too few to judge the split.');
}

/** The weights, which are exact binary fractions, as whole numbers in the same proportion. */
export function wholeWeights(weights: readonly number[]): bigint[] {
  return overCommonDenominator(weights).numerators;
}

export const srmMethod = {
  id: 'srm.chi_squared',
  title: 'Sample ratio mismatch',
  needs: ['n', 'planned_weights'],
  parameters: [],
  reference: 'Fabijan et al. (2019)',
  compute: srm,
} as const satisfies Method;

export const srmExactMethod = {
  id: 'srm.exact',
  title: 'Sample ratio mismatch with few recipients',
  needs: ['n', 'planned_weights'],
  parameters: [],
  reference: 'Exact binomial and multinomial test',
  compute: srm,
} as const satisfies Method;

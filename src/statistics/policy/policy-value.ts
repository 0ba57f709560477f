import { impossibleLevel } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { refuse, type EstimateWithSe, type OrRefusal, type Refusal } from '../result.js';
import {
  impossibleSums,
  mean,
  meanVariance,
  emptySums,
  squaredDeviations,
  type OutcomeSums,
} from '../sums.js';

/** A cohort of an experiment, and what the policy would send to it. Cohorts have no recipient in common. */
export interface PolicyCohort {
  /** Outcomes by arm, as randomised. */
  readonly arms: readonly OutcomeSums[];
  /** Chance of each arm in this cohort, each in (0, 1], together 1. */
  readonly propensity: readonly number[];
  /** Index of the arm that the policy gives to this cohort. */
  readonly arm: number;
}

export interface PolicyValueResult {
  /** Inverse propensity score: Σ 1{arm = policy's} y / e over all recipients, divided by their number. */
  readonly inversePropensity: EstimateWithSe;
  /** The same divided by the sum of the weights; as a rule much surer. */
  readonly selfNormalised: EstimateWithSe;
  /** Mean of the policy's arm in each cohort, weighted by the cohorts' sizes; equals the doubly robust estimate. */
  readonly cellMean: {
    readonly value: number;
    /** For this very audience. */
    readonly fixedMix: EstimateWithSe;
    /** For an audience drawn like this one, whose mix of cohorts varies too. */
    readonly superpopulation: EstimateWithSe;
  };
}

/**
 * What the outcome per recipient would be if each cohort got the arm that a policy gives it, from a randomised
 * experiment and three estimators. The policy must not have been chosen with these data. Refuses `invalid_input` (sums,
 * propensities or an arm that cannot be), `missing_cell` (nobody in a cell of the policy), `too_few` (one recipient in
 * such a cell) and `no_variation`. Horvitz & Thompson (1952); Hájek (1971); Dudík, Erhan, Langford & Li (2014),
 * Statistical Science.
 */
export function policyValue(cohorts: readonly PolicyCohort[], level: number): OrRefusal<PolicyValueResult> {
  const unfit = impossibleLevel(level) ?? unfitForPolicy(cohorts);
  if (unfit) return unfit;
  const cells = cohorts.map(chosenCell);
  const total = cells.reduce((sum, { recipients }) => sum + recipients, 0);
  const z = normal.isf((1 - level) / 2);
  const estimate = (value: number, se: number): EstimateWithSe => ({
    value,
    se,
    interval: { lower: value - z * se, upper: value + z * se, level },
  });
  if (cells.every(({ spread }) => spread === 0)) {
    return refuse('no_variation', 'All outcomes are equal within the cells of the policy.');
  }
  const cellMean = sumOver(cells, ({ recipients, mean }) => (recipients / total) * mean);
  const within = sumOver(cells, ({ recipients, variance }) => (recipients / total) ** 2 * variance);
  const between = sumOver(cells, (cell) => (cell.recipients / total) * (cell.mean - cellMean) ** 2);
  return {
    inversePropensity: estimate(...inversePropensity(cells, total)),
    selfNormalised: estimate(...selfNormalised(cells)),
    cellMean: {
      value: cellMean,
      fixedMix: estimate(cellMean, Math.sqrt(within)),
      superpopulation: estimate(cellMean, Math.sqrt(within + between / total)),
    },
  };
}

/** The recipients of a cohort who got what the policy gives it. */
interface Cell {
  readonly n: number;
  readonly mean: number;
  /** Σ (y - mean)². */
  readonly spread: number;
  /** Squared standard error of the mean. */
  readonly variance: number;
  readonly propensity: number;
  /** Recipients of the whole cohort. */
  readonly recipients: number;
}

function chosenCell({ arms, propensity, arm }: PolicyCohort): Cell {
  const sums = arms[arm] ?? emptySums;
  return {
    n: Number(sums.n),
    mean: mean(sums),
    spread: squaredDeviations(sums),
    variance: meanVariance(sums),
    propensity: propensity[arm] ?? NaN,
    recipients: Number(arms.reduce((all, { n }) => all + n, 0n)),
  };
}

/** Value and standard error; squares are taken around the means, so that nothing cancels. */
function inversePropensity(cells: readonly Cell[], total: number): [number, number] {
  const value = sumOver(cells, ({ n, mean, propensity }) => ((n / propensity) * mean) / total);
  const others = total - sumOver(cells, ({ n }) => n);
  const squares = sumOver(
    cells,
    ({ n, mean, spread, propensity: e }) => spread / e / e + n * (mean / e - value) ** 2,
  );
  return [value, Math.sqrt((squares + others * value ** 2) / (total - 1) / total)];
}

function selfNormalised(cells: readonly Cell[]): [number, number] {
  const weights = sumOver(cells, ({ n, propensity }) => n / propensity);
  const value = sumOver(cells, ({ n, mean, propensity }) => (n / propensity / weights) * mean);
  const squares = sumOver(
    cells,
    ({ n, mean, spread, propensity: e }) => (spread + n * (mean - value) ** 2) / e / e,
  );
  return [value, Math.sqrt(squares) / weights];
}

function sumOver(cells: readonly Cell[], term: (cell: Cell) => number): number {
  return cells.reduce((sum, cell) => sum + term(cell), 0);
}

function unfitForPolicy(cohorts: readonly PolicyCohort[]): Refusal | undefined {
  const [first] = cohorts;
  if (!first) return refuse('too_few', 'A policy needs at least one cohort.');
  for (const { arms, propensity, arm } of cohorts) {
    if (arms.length !== first.arms.length || propensity.length !== arms.length) {
      return refuse('invalid_input', 'Every cohort needs the same arms and a propensity for each of them.');
    }
    const together = propensity.reduce((sum, e) => sum + e, 0);
    if (!propensity.every((e) => e >= 1e-9 && e <= 1) || Math.abs(together - 1) > 1e-9) {
      return refuse('invalid_input', 'The propensities of a cohort must lie above 0 and sum to 1.');
    }
    const unfit = unfitArms(arms);
    if (unfit) return unfit;
    const chosen = arms[arm];
    if (!chosen)
      return refuse('invalid_input', 'The policy gives a cohort an arm that does not exist (arm).');
    if (chosen.n === 0n) return refuse('missing_cell', "Nobody in a cohort got the policy's arm.");
    if (chosen.n === 1n) return refuse('too_few', "Only one recipient in a cohort got the policy's arm.");
  }
  return undefined;
}

/** More recipients or larger sums than a double can square. */
const MOST = 10n ** 60n;

/** A refusal if the sums of an arm are impossible. */
export function unfitArms(arms: readonly OutcomeSums[]): Refusal | undefined {
  for (const sums of arms) {
    const impossible = impossibleSums(sums);
    if (impossible) return impossible;
    if (sums.n > MOST || sums.sumSquares > MOST * MOST) {
      return refuse('invalid_input', 'The sums of an arm are too large to be compared.');
    }
  }
  return undefined;
}

export const policyValueMethod = {
  id: 'policy.value',
  title: 'Value of a policy',
  needs: ['n', 'sum', 'sumSquares', 'planned_weights'],
  parameters: [LEVEL],
  reference: 'Dudík, Erhan, Langford & Li (2014)',
  compute: policyValue,
} as const satisfies Method;

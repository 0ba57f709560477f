import {
  policyValue,
  type PolicyCohort,
  type PolicyValueResult,
} from '../../src/statistics/policy/policy-value.js';
import { isRefusal, type Interval } from '../../src/statistics/result.js';
import { outcomeSums } from '../../src/statistics/sums.js';
import type { Chance } from './chance.js';
import { misses, pledgeRows, type Pledge } from './pledges.js';
import type { Row } from './study.js';

const RUNS = 4000;
const RECIPIENTS = 3000;
const PROPENSITY = [0.6, 0.3, 0.1];
/** Rates of the three arms in each of five cohorts, of which the first is the rarest. */
const TRUTHS = [0.3, 0.1, 0.2, 0.05, 0.15].map((base) => [base, base + 0.02, base + 0.05]);
const MIX = [0.05, 0.15, 0.2, 0.25, 0.35];
/** The arm that the rule gives to each cohort. */
const RULE = [2, 1, 0, 2, 1];

const value = (cohort: number) => TRUTHS[cohort]?.[RULE[cohort] ?? 0] ?? NaN;
const TRUE_VALUE = MIX.reduce((sum, share, i) => sum + share * value(i), 0);

function pledge(
  method: string,
  of: (result: PolicyValueResult) => { interval: Interval },
  fixed = false,
): Pledge<PolicyCohort[]> {
  return {
    method,
    promised: 0.05,
    errs: (cohorts) => {
      const result = policyValue(cohorts, 0.95);
      return !isRefusal(result) && misses(of(result), fixed ? valueOfMix(cohorts) : TRUE_VALUE);
    },
  };
}

/** How often intervals miss the rate under a rule that was fixed before. */
export function policyValueRows(random: Chance): Row[] {
  const pledges = [
    pledge('rule, inverse propensity', ({ inversePropensity }) => inversePropensity),
    pledge('rule, self-normalised', ({ selfNormalised }) => selfNormalised),
    pledge('rule, means of cells, drawn alike', ({ cellMean }) => cellMean.superpopulation),
    pledge('rule, means of cells, this audience', ({ cellMean }) => cellMean.fixedMix, true),
  ];
  return pledgeRows('5 cohorts, 60/30/10 % of 3,000', draw, pledges, RUNS, random);
}

function valueOfMix(cohorts: readonly PolicyCohort[]): number {
  const sizes = cohorts.map(({ arms }) => arms.reduce((sum, { n }) => sum + Number(n), 0));
  return sizes.reduce((sum, n, i) => sum + n * value(i), 0) / RECIPIENTS;
}

function draw(random: Chance): PolicyCohort[] {
  const counts = TRUTHS.map((rates) => rates.map(() => ({ n: 0, k: 0 })));
  for (let i = 0; i < RECIPIENTS; i += 1) {
    const [cohort, arm] = [pick(MIX, random), pick(PROPENSITY, random)];
    const cell = counts[cohort]?.[arm];
    if (!cell) continue;
    cell.n += 1;
    cell.k += random.uniform() < (TRUTHS[cohort]?.[arm] ?? 0) ? 1 : 0;
  }
  return counts.map((arms, i) => ({
    arms: arms.map(({ n, k }) => {
      const yes = BigInt(k);
      const sums = outcomeSums({ n: BigInt(n), nonZero: yes, sum: yes, sumSquares: yes, sumCubes: yes });
      if (isRefusal(sums)) throw new Error(sums.reason);
      return sums;
    }),
    propensity: PROPENSITY,
    arm: RULE[i] ?? 0,
  }));
}

function pick(shares: readonly number[], random: Chance): number {
  let left = random.uniform();
  return Math.max(
    0,
    shares.findIndex((share) => (left -= share) < 0),
  );
}

import { anova } from '../../src/statistics/means/anova.js';
import { welchAnova } from '../../src/statistics/means/welch-anova.js';
import { dunnett } from '../../src/statistics/multiplicity/dunnett.js';
import { dunnettUnequal } from '../../src/statistics/multiplicity/dunnett-unequal.js';
import { isRefusal, type OrRefusal } from '../../src/statistics/result.js';
import { outcomeSums, type OutcomeSums } from '../../src/statistics/sums.js';
import type { Chance } from './chance.js';
import { ERRS, pledgeRows, rejects, type Pledge } from './pledges.js';
import type { Study } from './study.js';

const RUNS = 2000;

/** Draws an arm of `n` recipients with normal outcomes in whole numbers around `mean`. */
export function normalArm(n: number, mean: number, sd: number): (random: Chance) => OutcomeSums {
  return (random) => {
    let [sum, squares, cubes, nonZero] = [0, 0, 0, 0];
    for (let i = 0; i < n; i += 1) {
      const y = Math.round(mean + sd * random.normal());
      sum += y;
      squares += y * y;
      cubes += y * y * y;
      nonZero += y === 0 ? 0 : 1;
    }
    const whole = (value: number) => BigInt(value);
    const sums = outcomeSums({
      n: whole(n),
      nonZero: whole(nonZero),
      sum: whole(sum),
      sumSquares: whole(squares),
      sumCubes: whole(cubes),
    });
    if (isRefusal(sums)) throw new Error(sums.reason);
    return sums;
  };
}

/** Whether any of several corrected comparisons rejects. */
export function anyRejects(
  comparisons: OrRefusal<readonly { readonly test: { readonly p: number } }[]>,
  alpha: number,
): boolean {
  return !isRefusal(comparisons) && comparisons.some(({ test }) => test.p < alpha);
}

const pledges: readonly Pledge<OutcomeSums[]>[] = [
  {
    method: "all together, Welch's analysis of variance",
    promised: 0.05,
    errs: (arms) => rejects(welchAnova(arms), 0.05),
  },
  {
    method: 'all together, classic (for comparison)',
    promised: 0.05,
    errs: (arms) => rejects(anova(arms), 0.05),
  },
  {
    method: 'each against the control, Dunnett, unequal variances',
    promised: 0.05,
    errs: (arms) => {
      const result = dunnettUnequal(arms, 0.95);
      return anyRejects(isRefusal(result) ? result : result.comparisons, 0.05);
    },
  },
  {
    method: 'each against the control, Dunnett, one variance',
    promised: 0.05,
    errs: (arms) => {
      const result = dunnett(arms, 0.95);
      return anyRejects(isRefusal(result) ? result : result.comparisons, 0.05);
    },
  },
];

export const unequalSpread: Study = {
  id: 'spread',
  title: 'Four arms of unequal size and spread where nothing differs',
  story:
    'A control of 1,000 and three treatments of 200 recipients with the same mean. How often something is said to differ. ' +
    'Methods that assume one variance cry wolf where a small arm spreads three times as much as the others, and find ' +
    'next to nothing where the large one does.',
  columns: ERRS,
  runs: RUNS,
  rows: (random) =>
    (
      [
        ['a small arm spreads most', [10, 10, 10, 30]],
        ['the large arm spreads most', [30, 10, 10, 10]],
      ] as const
    ).flatMap(([condition, sds]) => {
      const draws = sds.map((sd, i) => normalArm(i === 0 ? 1000 : 200, 100, sd));
      return pledgeRows(condition, (chance) => draws.map((draw) => draw(chance)), pledges, RUNS, random);
    }),
};

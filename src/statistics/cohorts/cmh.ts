import { chiSquaredTest } from '../chi-squared-test.js';
import { impossibleLevel } from '../confidence.js';
import { impossibleCounts } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import {
  refuse,
  type Estimate,
  type EstimateWithSe,
  type OrRefusal,
  type TestResult,
  type Warning,
} from '../result.js';
import type { RatePair } from './cohort-rates.js';
import { woolf } from './woolf.js';

export interface CmhResult {
  /** Whether treatment and control differ, given the cohort; without continuity correction. */
  readonly test: TestResult;
  /** Odds of treatment over odds of control, the same in all cohorts; `se` is that of its logarithm. */
  readonly commonOddsRatio: OrRefusal<EstimateWithSe>;
  /** Whether the odds ratio is the same in all cohorts; undefined for a single one. */
  readonly homogeneity: TestResult | undefined;
  /** Positions of cohorts that say nothing: an arm is empty there, or nobody or everybody did it. */
  readonly leftOut: readonly number[];
}

/**
 * Cochran, Mantel & Haenszel's test of two rates over disjoint cohorts, and their common odds ratio with the standard
 * error of Robins, Breslow & Greenland, which holds for few large and for many small cohorts. Its interval leaves out 1
 * exactly when p < 1 - level. Cohorts without a say are left out, with the warning `left_out`. Refuses `invalid_input`,
 * `too_few` (no cohorts) and `no_variation` (none has a say); the odds ratio alone is refused (`separation`) where it
 * would be 0 or infinite. Mantel & Haenszel (1959); Robins, Breslow & Greenland (1986).
 */
export function cmh(cohorts: readonly RatePair[], level: number): OrRefusal<CmhResult> {
  if (cohorts.length === 0) return refuse('too_few', 'There are no cohorts.');
  const arms = cohorts.flatMap(({ control, treatment }) => [control, treatment]);
  const occupied = arms.filter(({ n, successes }) => n !== 0n || successes !== 0n);
  const impossible = impossibleLevel(level) ?? impossibleCounts(occupied);
  if (impossible) return impossible;
  const leftOut = cohorts.flatMap((pair, i) => (hasSay(pair) ? [] : [i]));
  const used = cohorts.filter(hasSay);
  if (used.length === 0) return refuse('no_variation', 'No cohort has both arms and both outcomes.');
  const test = meanScore(used, warn(leftOut));
  const commonOddsRatio = oddsRatio(used, level, test.p < 1 - level);
  return { test, commonOddsRatio, homogeneity: used.length < 2 ? undefined : woolf(used), leftOut };
}

function hasSay({ control, treatment }: RatePair): boolean {
  const successes = control.successes + treatment.successes;
  return control.n > 0n && treatment.n > 0n && successes > 0n && successes < control.n + treatment.n;
}

function warn(leftOut: readonly number[]): Warning[] {
  if (leftOut.length === 0) return [];
  const message =
    'Cohorts with an empty arm, or in which nobody or everybody did it, say nothing and were left out.';
  return [{ code: 'left_out', message }];
}

/** (Σ(x - E x))² / Σ Var x, x the treatment's successes given all margins. */
function meanScore(cohorts: readonly RatePair[], warnings: readonly Warning[]): TestResult {
  let [distance, variance] = [0, 0];
  for (const { control, treatment } of cohorts) {
    const n = control.n + treatment.n;
    const yes = control.successes + treatment.successes;
    distance += ratio(treatment.successes * control.n - control.successes * treatment.n, n);
    variance += ratio(control.n * treatment.n * yes * (n - yes), n * n * (n - 1n));
  }
  return chiSquaredTest('cohort.cmh', (distance / Math.sqrt(variance)) ** 2, 1, warnings);
}

function oddsRatio(
  cohorts: readonly RatePair[],
  level: number,
  rejects: boolean,
): CmhResult['commonOddsRatio'] {
  const parts = cohorts.map(({ control, treatment }) => {
    const n = control.n + treatment.n;
    const [yes1, no1] = [treatment.successes, treatment.n - treatment.successes];
    const [yes0, no0] = [control.successes, control.n - control.successes];
    // In the letters of Robins, Breslow & Greenland: P, Q, R and S.
    return {
      p: ratio(yes1 + no0, n),
      q: ratio(no1 + yes0, n),
      r: ratio(yes1 * no0, n),
      s: ratio(no1 * yes0, n),
    };
  });
  const total = (of: (part: (typeof parts)[number]) => number) =>
    parts.reduce((sum, part) => sum + of(part), 0);
  const [r, s] = [total((part) => part.r), total((part) => part.s)];
  if (r === 0 || s === 0) return refuse('separation', 'The common odds ratio is zero or infinite.');
  const variance =
    total(({ p, r: own }) => p * (own / r)) / (2 * r) +
    total((part) => part.p * (part.s / s) + part.q * (part.r / r) * (r / s)) / (2 * r) +
    total(({ q, s: own }) => q * (own / s)) / (2 * s);
  const se = Math.sqrt(variance);
  const half = normal.isf((1 - level) / 2) * se;
  const value = r / s;
  const sides = { lower: value * Math.exp(-half), upper: value * Math.exp(half), level };
  return { value, se, interval: besideOne(sides, rejects) };
}

/** Like `agreeWithTest`, for a ratio: its standard error is not that of the test, so the two can part near alpha. */
function besideOne({ lower, upper, level }: Estimate['interval'], rejects: boolean): Estimate['interval'] {
  const inside = lower <= 1 && 1 <= upper;
  if (rejects !== inside) return { lower, upper, level };
  const lowerIsNearer = Math.abs(Math.log(lower)) < Math.abs(Math.log(upper));
  const edge = rejects ? Number.EPSILON : 0;
  return lowerIsNearer ? { lower: 1 + edge, upper, level } : { lower, upper: 1 - edge, level };
}

export const cmhMethod = {
  id: 'cohort.cmh',
  title: 'Cochran, Mantel & Haenszel: two rates over all cohorts',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Mantel & Haenszel (1959); Robins, Breslow & Greenland (1986)',
  compute: cmh,
} as const satisfies Method;

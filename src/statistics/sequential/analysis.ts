import { agreeWithTest, impossibleAlpha } from '../confidence.js';
import { ALPHA, type Method } from '../method.js';
import {
  refuse,
  type Estimate,
  type Interval,
  type OrRefusal,
  type TestResult,
  type ValueWithSe,
} from '../result.js';
import { spendingBoundaries, unfitFractions } from './boundaries.js';
import { unfitEstimate } from './confidence-sequence.js';
import { SPENDING, spent, unfitSpending, type Spending } from './spending.js';
import { stagewiseInference } from './stagewise.js';

/** What was known at one look. */
export interface Look extends ValueWithSe {
  /** Matured over planned recipients. */
  readonly fraction: number;
}

export interface LookResult {
  readonly fraction: number;
  readonly statistic: number;
  /** |z| above which this look ends the experiment. */
  readonly bound: number;
  readonly cumulativeAlpha: number;
  /** Repeated confidence interval: holds at all looks together, whether or not the experiment is stopped. */
  readonly interval: Interval;
  /** Whether |z| is above the bound; exactly then the interval leaves out 0. */
  readonly crosses: boolean;
}

export interface GroupSequentialAnalysis {
  readonly looks: readonly LookResult[];
  /** `no_effect_shown` once all of alpha is spent. */
  readonly decision: 'effect' | 'no_effect_shown' | 'continue';
  /** Only where the decision ends the experiment. */
  readonly ending?: {
    /** Position in `looks`: the first that crosses, else the last. */
    readonly look: number;
    /** Median-unbiased estimate with its stage-wise interval. */
    readonly estimate: Estimate;
    /** Stage-wise two-sided p-value. */
    readonly test: TestResult;
  };
}

/**
 * A staged send at its latest look. `looks` holds every look so far; they need not be the planned ones, as long as the
 * data did not choose their time. `final` says that this is the last one, which then spends what is left of alpha; a
 * fraction of 1 or more says so too. The first crossing decides, whatever comes after it. Refuses `invalid_input` and
 * `no_variation` (standard error 0). Jennison & Turnbull (2000), Group Sequential Methods, ch. 7 to 9.
 */
export function groupSequentialAnalysis(
  looks: readonly Look[],
  spending: Spending,
  alpha: number,
  final = false,
): OrRefusal<GroupSequentialAnalysis> {
  const fractions = looks.map(({ fraction }) => fraction);
  const unfit = unfitFractions(fractions) ?? impossibleAlpha(alpha) ?? unfitSpending(spending);
  if (unfit) return unfit;
  for (const look of looks) {
    const unfitLook = unfitEstimate(look);
    if (unfitLook) return unfitLook;
    if (Math.abs(look.value / look.se) > 1e150)
      return refuse('invalid_input', 'An estimate is too large for its standard error.');
  }
  const last = looks.length - 1;
  const isLast = final || (fractions[last] ?? NaN) >= 1;
  const cumulative = fractions.map((t, k) => (isLast && k === last ? alpha : spent(spending, t, alpha)));
  const boundaries = spendingBoundaries(fractions, cumulative);
  const results = looks.map((look, k) =>
    judge(look, boundaries.bounds[k] ?? NaN, cumulative[k] ?? NaN, alpha),
  );
  const crossing = results.findIndex(({ crosses }) => crosses);
  if (crossing < 0 && !isLast) return { looks: results, decision: 'continue' };
  const end = crossing < 0 ? last : crossing;
  const { statistic, fraction } = results[end] ?? { statistic: NaN, fraction: NaN };
  const { estimate, test } = stagewiseInference(boundaries, end, statistic, alpha);
  // From drift, the mean of z at fraction 1, to the estimate's own units.
  const unit = (looks[end]?.se ?? NaN) * Math.sqrt(fraction);
  const ending = { look: end, estimate: inUnits(estimate, unit), test };
  return { looks: results, decision: crossing < 0 ? 'no_effect_shown' : 'effect', ending };
}

function judge(
  { fraction, value, se }: Look,
  bound: number,
  cumulativeAlpha: number,
  alpha: number,
): LookResult {
  const statistic = value / se;
  const crosses = Math.abs(statistic) > bound;
  const half = bound * se;
  const sides = { lower: value - half, upper: value + half, level: 1 - alpha };
  return { fraction, statistic, bound, cumulativeAlpha, interval: agreeWithTest(sides, crosses), crosses };
}

function inUnits({ value, interval: { lower, upper, level } }: Estimate, unit: number): Estimate {
  return { value: value * unit, interval: { lower: lower * unit, upper: upper * unit, level } };
}

export const groupSequentialAnalysisMethod = {
  id: 'sequential.group_sequential_analysis',
  title: 'Group sequential analysis',
  needs: ['effects'],
  parameters: [
    SPENDING,
    ALPHA,
    { name: 'final', meaning: 'whether this is the last look, which spends what is left of alpha' },
  ],
  reference: 'Jennison & Turnbull (2000), ch. 7 to 9; Tsiatis, Rosner & Mehta (1984)',
  compute: groupSequentialAnalysis,
} as const satisfies Method;

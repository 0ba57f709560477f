import { studentT } from '../statistics/distributions/student-t.js';
import { isRefusal, refuse, type Estimate, type OrRefusal, type TestResult } from '../statistics/result.js';
import type { ArmAnalysis, RawMargin } from './arm-analysis.js';

/** Whether an arm, or a level of a factor, is shown to be no worse than a margin. */
export interface MarginTest {
  readonly passes: boolean;
  /** One-sided. */
  readonly test: TestResult;
  /** The worst that is still possible at this one-sided level: a difference, or an uplift for a relative margin. */
  readonly worst?: number;
}

/** Of one arm against the control, by the method of the metric's own family where there is one. */
export function marginOfPair(
  analysis: ArmAnalysis,
  [control, treatment]: readonly [number, number],
  arms: number,
  margin: RawMargin,
  alpha: number,
): OrRefusal<MarginTest> {
  const coefficients = Array.from({ length: arms }, (_, i) => (i === treatment ? 1 : i === control ? -1 : 0));
  const test = analysis.margin
    ? analysis.margin(control, treatment, margin, alpha)
    : contrastTest(analysis, coefficients, margin);
  if (isRefusal(test)) return test;
  const passes = test.p < alpha;
  const { difference, uplift } = analysis.pair(control, treatment, 1 - 2 * alpha);
  return { passes, test, ...worstOf(margin.kind === 'absolute' ? difference : uplift, margin, passes) };
}

/** Of a main or simple effect. */
export function marginOfContrast(
  analysis: ArmAnalysis,
  coefficients: readonly number[],
  margin: RawMargin,
  alpha: number,
): OrRefusal<MarginTest> {
  const test = contrastTest(analysis, coefficients, margin);
  if (isRefusal(test)) return test;
  const passes = test.p < alpha;
  if (margin.kind === 'relative') return { passes, test };
  const effect = analysis.contrast(coefficients, 1 - 2 * alpha);
  return { passes, test, ...worstOf(isRefusal(effect) ? effect : effect.estimate, margin, passes) };
}

/**
 * A relative margin changes the coefficients of the baseline: treatment - (1 - margin) control is not below zero. So
 * nothing is divided, and the baseline need not be far from zero; it must only be above it (Sasabuchi 1988).
 */
function contrastTest(
  analysis: ArmAnalysis,
  coefficients: readonly number[],
  { kind, size, better }: RawMargin,
): OrRefusal<TestResult> {
  const good = better === 'higher' ? 1 : -1;
  if (kind === 'relative' && !(baselineOf(analysis, coefficients) > 0)) return baselineNotAbove;
  const share = kind === 'relative' ? 1 - good * size : 1;
  const result = analysis.contrast(coefficients.map((c) => (c < 0 ? c * share : c)));
  if (isRefusal(result)) return result;
  const { value, se } = result.estimate;
  const statistic = (good * value + (kind === 'absolute' ? size : 0)) / se;
  const logP = studentT.logSf(statistic, result.test.df[0] ?? Infinity);
  return { ...result.test, statistic, p: Math.exp(logP), logP };
}

const baselineNotAbove = refuse(
  'baseline_zero',
  'The control’s level is not above zero, so a share of it is no margin.',
);

function baselineOf(analysis: ArmAnalysis, coefficients: readonly number[]): number {
  return coefficients.reduce((sum, c, arm) => {
    if (c >= 0) return sum;
    const level = analysis.level(arm);
    return isRefusal(level) ? sum : sum - c * level.value;
  }, 0);
}

/** The bad side of the interval; on the margin itself the test decides, not a rounding. */
function worstOf(
  effect: OrRefusal<Estimate>,
  { size, better }: RawMargin,
  passes: boolean,
): Pick<MarginTest, 'worst'> {
  if (isRefusal(effect)) return {};
  const bad = better === 'higher' ? effect.interval.lower : -effect.interval.upper;
  if (!Number.isFinite(bad)) return {};
  const bound = passes ? Math.max(bad, -size) : Math.min(bad, -size);
  return { worst: better === 'higher' ? bound : 0 - bound };
}

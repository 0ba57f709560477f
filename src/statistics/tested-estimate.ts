import { agreeWithTest } from './confidence.js';
import { logTwoSidedNormal } from './distributions/normal.js';
import { logTwoSidedT, studentT } from './distributions/student-t.js';
import type { EstimateWithSe, TestResult, Warning } from './result.js';

/** An estimate with interval and the test of zero that belongs to it. */
export interface TestedEstimate {
  readonly estimate: EstimateWithSe;
  readonly test: TestResult;
}

/**
 * Interval and two-sided test of an estimate with this standard error, by Student's t or, with df = Infinity, the
 * normal distribution. The interval excludes 0 exactly when p < 1 - level; `critical` is its half width in standard
 * errors. Needs a finite value and a finite standard error above zero.
 */
export function testedEstimate(
  { value, se, df }: { readonly value: number; readonly se: number; readonly df: number },
  level: number,
  method: string,
  warnings: readonly Warning[] = [],
): TestedEstimate & { readonly critical: number } {
  const statistic = value / se;
  const logP = df === Infinity ? logTwoSidedNormal(statistic) : logTwoSidedT(statistic, df);
  const p = Math.exp(logP);
  const critical = studentT.isf((1 - level) / 2, df);
  const sides = { lower: value - critical * se, upper: value + critical * se, level };
  const interval = agreeWithTest(sides, p < 1 - level);
  const test = { method, statistic, df: df === Infinity ? [] : [df], p, logP, warnings };
  return { estimate: { value, se, interval }, test, critical };
}

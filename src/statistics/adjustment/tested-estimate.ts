import { agreeWithTest } from '../confidence.js';
import { logTwoSidedNormal } from '../distributions/normal.js';
import { logTwoSidedT, studentT } from '../distributions/student-t.js';
import { refuse, type Estimate, type OrRefusal, type TestResult, type Warning } from '../result.js';

/** An estimate with interval and the test of zero that belongs to it. */
export interface TestedEstimate {
  readonly estimate: Estimate & { readonly se: number };
  readonly test: TestResult;
}

/**
 * Interval and test of an estimate with this standard error, by Student's t or, with df = Infinity, the normal
 * distribution. The interval excludes 0 exactly when p < 1 - level. Refuses `no_variation` for a standard error of
 * zero and `invalid_input` for numbers beyond what a computer can hold.
 */
export function testedEstimate(
  { value, se, df }: { readonly value: number; readonly se: number; readonly df: number },
  level: number,
  method: string,
  warnings: readonly Warning[] = [],
): OrRefusal<TestedEstimate> {
  if (se === 0)
    return refuse('no_variation', 'Nothing is left to vary within the arms, so no error is known.');
  const statistic = value / se;
  if (!Number.isFinite(statistic) || !Number.isFinite(se)) {
    return refuse('invalid_input', 'The sums are too large to compute with.');
  }
  const logP = df === Infinity ? logTwoSidedNormal(statistic) : logTwoSidedT(statistic, df);
  const p = Math.exp(logP);
  const half = studentT.isf((1 - level) / 2, df) * se;
  const interval = agreeWithTest({ lower: value - half, upper: value + half, level }, p < 1 - level);
  const test = { method, statistic, df: df === Infinity ? [] : [df], p, logP, warnings };
  return { estimate: { value, se, interval }, test };
}

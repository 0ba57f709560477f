import { chiSquared } from './distributions/chi-squared.js';
import type { TestResult, Warning } from './result.js';

/** A statistic of zero or more judged by the upper tail of the chi-squared distribution with `df` > 0. */
export function chiSquaredTest(
  method: string,
  statistic: number,
  df: number,
  warnings: readonly Warning[] = [],
): TestResult {
  const [p, logP] = [chiSquared.sf(statistic, df), chiSquared.logSf(statistic, df)];
  return { method, statistic, df: [df], p, logP, warnings };
}

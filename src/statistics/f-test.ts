import { f } from './distributions/f.js';
import type { TestResult } from './result.js';

/** A statistic of zero or more judged by the upper tail of the F distribution with both degrees of freedom > 0. */
export function fTest(method: string, statistic: number, d1: number, d2: number): TestResult {
  const [p, logP] = [f.sf(statistic, d1, d2), f.logSf(statistic, d1, d2)];
  return { method, statistic, df: [d1, d2], p, logP, warnings: [] };
}

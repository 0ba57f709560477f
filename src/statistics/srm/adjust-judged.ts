import { holm } from '../multiplicity/holm.js';
import { isRefusal, type OrRefusal, type TestResult } from '../result.js';

/** What Holm's adjustment adds to a test. */
export interface HolmAdjusted {
  readonly pHolm: number;
  readonly logPHolm: number;
}

/** Tests with Holm's adjustment over all of them; those refused stay refused, and count as planned. */
export function adjustJudged<T extends TestResult>(
  tests: readonly OrRefusal<T>[],
): OrRefusal<T & HolmAdjusted>[] {
  const logPs = tests.flatMap((test) => (isRefusal(test) ? [] : [test.logP]));
  const adjusted = holm(logPs, tests.length);
  let judged = 0;
  return tests.map((test) => {
    if (isRefusal(test)) return test;
    if (isRefusal(adjusted)) return adjusted;
    const at = judged;
    judged += 1;
    return { ...test, pHolm: adjusted.p[at] ?? NaN, logPHolm: adjusted.logP[at] ?? NaN };
  });
}

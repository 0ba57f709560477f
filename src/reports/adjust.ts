import { holm } from '../statistics/multiplicity/holm.js';
import { isRefusal, type Refusal } from '../statistics/result.js';
import type { AdjustedP, ReportTest } from './report-figures.js';
import { toAdjustedP } from './to-report.js';

/**
 * Holm over a family of tests. Refused ones get no adjusted p but still count: the family is what was planned,
 * not what could be computed. A family of one needs no adjustment.
 */
export function adjustFamily(tests: readonly (ReportTest | Refusal)[]): (AdjustedP | undefined)[] {
  const family = tests.length;
  if (family < 2) return tests.map(() => undefined);
  const computed = tests.flatMap((test) => (isRefusal(test) ? [] : [test]));
  const adjusted = holm(
    computed.map((test) => test.logP),
    family,
  );
  if (isRefusal(adjusted)) return tests.map(() => undefined);
  let next = 0;
  return tests.map((test) => {
    if (isRefusal(test)) return undefined;
    const p = adjusted.p[next++];
    return p === undefined ? undefined : toAdjustedP(p, family);
  });
}

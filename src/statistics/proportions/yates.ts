import { chiSquaredTest } from '../chi-squared-test.js';
import type { Count } from '../count.js';
import type { Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, type OrRefusal, type TestResult } from '../result.js';
import { pearson } from './pearson.js';

/**
 * Pearson's test of two rates with Yates's continuity correction. As in R, the correction is min(1/2, |x - E|): it
 * never turns the difference around, and p is 1 where a single recipient makes the difference. Too strict (0.5 to 3.4 %
 * errors at nominal 5 % for rare events), so only for comparison with other tools; `pearson` or `rateTest` decide.
 * Exact before it is rounded. Refuses and warns as `pearson`. Yates (1934).
 */
export function yates(control: Count, treatment: Count): OrRefusal<TestResult> {
  const plain = pearson([control, treatment]);
  if (isRefusal(plain)) return plain;
  const n = control.n + treatment.n;
  const successes = control.successes + treatment.successes;
  const cross = treatment.successes * control.n - control.successes * treatment.n;
  // |x - E| - 1/2 is (2 |cross| - n) / 2n in every cell.
  const excess = 2n * (cross < 0n ? -cross : cross) - n;
  const square = excess < 0n ? 0n : excess * excess;
  const statistic = ratio(square * n, 4n * control.n * treatment.n * successes * (n - successes));
  return chiSquaredTest('proportion.yates', statistic, 1, plain.warnings);
}

export const yatesMethod = {
  id: 'proportion.yates',
  title: "Pearson's test of two rates with Yates's correction (for comparison with other tools)",
  needs: ['n', 'nonZero'],
  parameters: [],
  reference: 'Yates (1934); min(1/2, |x - E|) as in R, prop.test',
  compute: yates,
} as const satisfies Method;
